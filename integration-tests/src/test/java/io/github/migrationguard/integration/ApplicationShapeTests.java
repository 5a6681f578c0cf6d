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
import java.util.stream.Stream;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for applications that are started in another way than usual.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ApplicationShapeTests {

	@TempDir
	private Path directory;

	@Test
	void lazyBeansAreMigratedBeforeAnythingIsServed(TestDatabase database) {
		int port = Http.freePort();
		Service service = service(database, HeldStart.CHANGELOG).with("server.port", port)
			.with("spring.main.lazy-initialization", true);
		try (HeldStart start = HeldStart.of(database, service)) {
			Http http = new Http(port);
			assertThat(http.status("/actuator/health/liveness")).isEqualTo(200);
			assertThat(http.body("/actuator/migrations")).contains("\"state\":\"MIGRATING\"");
			assertThat(http.status("/hello")).isEqualTo(503);
			start.release();
			assertThat(http.status("/hello")).isEqualTo(200);
		}
	}

	@Test
	void applicationWithoutWebServerIsMigrated(TestDatabase database) {
		try (ConfigurableApplicationContext context = service(database, Changelog.ofTables(2))
			.with("spring.main.web-application-type", "none")
			.start()) {
			assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
				.containsExactly(MigrationState.COMPLETED);
		}
	}

	@Test
	void virtualThreadsServeWhileAPlatformThreadMigrates(TestDatabase database) {
		int port = Http.freePort();
		Service service = service(database, HeldStart.CHANGELOG).with("server.port", port)
			.with("spring.threads.virtual.enabled", true);
		try (HeldStart start = HeldStart.of(database, service)) {
			Http http = new Http(port);
			assertThat(http.status("/hello")).isEqualTo(503);
			assertThat(http.body("/actuator/migrations")).contains("\"state\":\"MIGRATING\"");
			// Of virtual threads there are no stack traces here
			assertThat(Thread.getAllStackTraces().values()).anyMatch(ApplicationShapeTests::migrates);
			start.release();
			assertThat(http.body("/thread")).isEqualTo((Runtime.version().feature() >= 21) ? "virtual" : "platform");
		}
	}

	private static boolean migrates(StackTraceElement[] stackTrace) {
		return Stream.of(stackTrace).anyMatch((frame) -> frame.getClassName().equals(MigrationGuard.class.getName()));
	}

	private Service service(TestDatabase database, Changelog changelog) {
		return Service.of(database, changelog, this.directory, SliceApplication.class);
	}

}
