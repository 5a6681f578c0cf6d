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

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Where the web server will answer health probes, told from the properties: Actuator's
 * own beans are not there yet.
 *
 * @author Migration Guard
 */
class EarlyProbePaths {

	private static final String BASE_PATH = "management.endpoints.web.base-path";

	private static final String MAPPING = "management.endpoints.web.path-mapping.";

	private static final String ADDITIONAL_PATHS = "management.endpoint.health.probes.add-additional-paths";

	private final Environment environment;

	private final boolean separateManagement;

	private final boolean additionalPaths;

	private final String base;

	private final String application;

	EarlyProbePaths(Environment environment, boolean servlet) {
		this.environment = environment;
		Integer management = port("management.server.port");
		this.separateManagement = management != null && !management.equals(mainPort());
		this.additionalPaths = environment.getProperty(ADDITIONAL_PATHS, Boolean.class, false);
		this.application = servlet ? path("server.servlet.context-path") + path("spring.mvc.servlet.path")
				: path("spring.webflux.base-path");
		this.base = (this.separateManagement ? path("management.server.base-path") : this.application)
				+ clean(environment.getProperty(BASE_PATH, "/actuator"));
	}

	private @Nullable Integer port(String name) {
		return this.environment.getProperty(name, Integer.class);
	}

	private int mainPort() {
		Integer port = port("server.port");
		return (port != null) ? port : 8080;
	}

	private String path(String name) {
		return clean(this.environment.getProperty(name, ""));
	}

	private static String clean(String path) {
		String trimmed = StringUtils.trimTrailingCharacter(path.trim(), '/');
		return (trimmed.isEmpty() || trimmed.startsWith("/")) ? trimmed : "/" + trimmed;
	}

	/**
	 * Return where to listen: on the port with the probes, if it is fixed and without
	 * TLS.
	 */
	List<InetSocketAddress> addresses() {
		List<InetSocketAddress> addresses = new ArrayList<>();
		if (this.separateManagement) {
			add(addresses, "management.server.", port("management.server.port"));
		}
		if (!this.separateManagement || this.additionalPaths) {
			add(addresses, "server.", mainPort());
		}
		return addresses;
	}

	private void add(List<InetSocketAddress> addresses, String prefix, @Nullable Integer port) {
		if (port != null && port > 0 && !hasTls(prefix + "ssl.")) {
			String host = this.environment.getProperty(prefix + "address");
			addresses.add(StringUtils.hasText(host) ? new InetSocketAddress(host, port) : new InetSocketAddress(port));
		}
	}

	private boolean hasTls(String prefix) {
		boolean configured = this.environment.containsProperty(prefix + "bundle")
				|| this.environment.containsProperty(prefix + "key-store")
				|| this.environment.containsProperty(prefix + "certificate");
		return configured && this.environment.getProperty(prefix + "enabled", Boolean.class, true);
	}

	Probe find(String path) {
		String health = this.base + mapping("health");
		if (path.equals(health + "/liveness") || (this.additionalPaths && path.equals(this.application + "/livez"))) {
			return Probe.LIVENESS;
		}
		if (path.equals(health) || path.equals(health + "/readiness")
				|| (this.additionalPaths && path.equals(this.application + "/readyz"))) {
			return Probe.READINESS;
		}
		return path.equals(this.base + mapping("migrations")) ? Probe.MIGRATIONS : Probe.OTHER;
	}

	private String mapping(String endpoint) {
		return clean(this.environment.getProperty(MAPPING + endpoint, endpoint));
	}

	/**
	 * What is asked for.
	 */
	enum Probe {

		LIVENESS, READINESS, MIGRATIONS, OTHER

	}

}
