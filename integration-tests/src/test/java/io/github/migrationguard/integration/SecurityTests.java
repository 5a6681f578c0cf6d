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

package io.github.migrationguard.integration;

import java.nio.file.Path;

import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application with Spring Security.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class SecurityTests {

	@TempDir
	private Path directory;

	@Test
	void requestsAreHeldBeforeTheyAreAuthenticatedAndActuatorKeepsItsSecurity(TestDatabase database) {
		int port = Http.freePort();
		Service service = Service.of(database, HeldStart.CHANGELOG, this.directory, SliceApplication.class)
			.with("server.port", port)
			.with("spring.autoconfigure.exclude", "")
			.with("spring.security.user.name", "alice")
			.with("spring.security.user.password", "secret");
		Http anonymous = new Http(port);
		Http alice = anonymous.as("alice", "secret");
		try (HeldStart start = HeldStart.of(database, service)) {
			assertThat(anonymous.status("/hello")).isEqualTo(503);
			assertThat(alice.status("/hello")).isEqualTo(503);
			assertThat(anonymous.status("/actuator/health/liveness")).isEqualTo(200);
			assertThat(anonymous.status("/actuator/health/readiness")).isEqualTo(503);
			assertThat(anonymous.status("/actuator/migrations")).isEqualTo(401);
			assertThat(alice.body("/actuator/migrations")).contains("\"state\":\"MIGRATING\"");
			start.release();
			assertThat(anonymous.status("/hello")).isEqualTo(401);
			assertThat(alice.body("/hello")).isEqualTo("hello");
		}
	}

}
