/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.migrationguard.web;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.ExposableEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The paths under which the application's own server serves Actuator: its base path and
 * the endpoints, unless these have a port of their own, and the additional paths of the
 * health groups. Found out with the first request, when the endpoints exist.
 *
 * @author Migration Guard
 */
class ActuatorPaths implements OpenPaths {

	private final Supplier<List<OpenPath>> paths;

	/**
	 * Create the paths.
	 * @param endpoints the endpoints
	 * @param environment the environment that tells the port of Actuator
	 * @param toServerPath puts what the dispatcher servlet is mapped to in front of a
	 * path
	 */
	ActuatorPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment,
			UnaryOperator<String> toServerPath) {
		this.paths = SingletonSupplier
			.of(() -> find(endpoints.getIfAvailable(), ManagementPortType.get(environment), toServerPath));
	}

	private static List<OpenPath> find(@Nullable PathMappedEndpoints endpoints, ManagementPortType port,
			UnaryOperator<String> toServerPath) {
		List<OpenPath> paths = new ArrayList<>();
		if (endpoints == null) {
			return paths;
		}
		if (port == ManagementPortType.SAME) {
			if (StringUtils.hasText(endpoints.getBasePath())) {
				paths.add(OpenPath.of(toServerPath.apply(endpoints.getBasePath()), false));
			}
			endpoints.getAllPaths().forEach((path) -> paths.add(OpenPath.of(toServerPath.apply(path), true)));
		}
		endpoints.stream()
			.filter(ExposableEndpoint.class::isInstance)
			.map((endpoint) -> ((ExposableEndpoint<?>) endpoint).getEndpointId())
			.flatMap((id) -> endpoints.getAdditionalPaths(WebServerNamespace.SERVER, id).stream())
			.forEach((path) -> paths.add(OpenPath.of(toServerPath.apply(path), true)));
		return paths;
	}

	@Override
	public boolean contains(String path) {
		return this.paths.get().stream().anyMatch((open) -> open.matches(path));
	}

	/**
	 * One path, alone or with everything below it. Nothing is below the root, which would
	 * be everything.
	 *
	 * @param path the path
	 * @param withPathsBelow whether the paths below it are open, too
	 */
	private record OpenPath(String path, boolean withPathsBelow) {

		static OpenPath of(String path, boolean withPathsBelow) {
			String trimmed = StringUtils.trimTrailingCharacter(path, '/');
			return trimmed.isEmpty() ? new OpenPath("/", false) : new OpenPath(trimmed, withPathsBelow);
		}

		boolean matches(String path) {
			return path.equals(this.path) || (this.withPathsBelow && path.startsWith(this.path + "/"));
		}

	}

}
