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

package io.github.migrationguard.actuate;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.util.function.SingletonSupplier;

/**
 * Where the {@link MigrationsPage} is, below whatever the server puts in front of it.
 * Found out with the first request, when the endpoints exist.
 *
 * @author Migration Guard
 */
class PagePath {

	private static final EndpointId MIGRATIONS = EndpointId.of("migrations");

	private final Supplier<@Nullable String> path;

	PagePath(ObjectProvider<PathMappedEndpoints> endpoints) {
		this.path = SingletonSupplier.ofNullable(() -> {
			PathMappedEndpoints available = endpoints.getIfAvailable();
			return (available != null) ? available.getPath(MIGRATIONS) : null;
		});
	}

	boolean isEndOf(String requestPath) {
		String path = this.path.get();
		return path != null && requestPath.endsWith(path);
	}

}
