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

package io.github.migrationguard.sample.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import io.github.migrationguard.sample.demo.MigrationsStatus.Migration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks at a replica as an operator would: at its readiness probe and its endpoint. What
 * does not answer keeps the value that it had.
 *
 * @author Migration Guard
 */
class ReplicaProbe {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

	private final JsonMapper mapper = JsonMapper.shared();

	ReplicaSnapshot look(ReplicaSnapshot last) {
		HttpResponse<String> readiness = get(last.port(), "/actuator/health/readiness");
		if (readiness == null) {
			return last.answered(0, last.migration());
		}
		return last.answered(readiness.statusCode(), migration(last));
	}

	private @Nullable Migration migration(ReplicaSnapshot last) {
		HttpResponse<String> response = get(last.port(), "/actuator/migrations");
		if (response == null || response.statusCode() != 200) {
			return last.migration();
		}
		try {
			return this.mapper.readValue(response.body(), MigrationsStatus.class).first();
		}
		catch (JacksonException ex) {
			return last.migration();
		}
	}

	private @Nullable HttpResponse<String> get(int port, String path) {
		URI uri = URI.create("http://localhost:%d%s".formatted(port, path));
		try {
			return this.client.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

}
