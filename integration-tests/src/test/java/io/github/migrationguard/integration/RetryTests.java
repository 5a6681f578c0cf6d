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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that stays up after a failed migration and is asked to try
 * again.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class RetryTests {

	private static final String SQL = "create unique index notes_author on notes (author)";

	private final int port = Http.freePort();

	private final Http http = new Http(this.port);

	@TempDir
	private Path directory;

	@Test
	void liquibaseGoesOnWhenTheCauseIsMended(TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("first", "create table first (id int)")
			.changeSet("index", SQL);
		assertRetried(database, Service.of(database, changelog, this.directory, SliceApplication.class), "liquibase");
	}

	@Test
	void flywayGoesOnWhenTheCauseIsMended(TestDatabase database) throws IOException {
		Files.writeString(this.directory.resolve("V1__first.sql"), "create table first (id int)");
		Files.writeString(this.directory.resolve("V2__index.sql"), SQL);
		Service service = Service.of(database, Changelog.empty(), this.directory, SliceApplication.class)
			.with("spring.liquibase.enabled", false)
			.with("spring.flyway.enabled", true)
			.with("spring.flyway.baseline-on-migrate", true)
			.with("spring.flyway.baseline-version", 0)
			.with("spring.flyway.locations", "filesystem:" + this.directory);
		assertRetried(database, service, "flyway");
	}

	private void assertRetried(TestDatabase database, Service service, String name) {
		database.client().sql("create table notes (author text)").update();
		database.client().sql("insert into notes values ('alice'), ('alice')").update();
		service.with("server.port", this.port)
			.with("migration-guard.on-failure", "stay-up")
			.with("management.endpoint.migrations.access", "unrestricted");
		CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(service::start);
		Awaiting.await("server").until(this.http::isReachable);
		awaitFailed();
		assertThat(this.http.status("POST", "/actuator/migrations/" + name)).isEqualTo(202);
		awaitFailed();
		assertThat(this.http.status("/hello")).isEqualTo(503);
		database.client().sql("delete from notes").update();
		assertThat(this.http.status("POST", "/actuator/migrations/" + name)).isEqualTo(202);
		try (ConfigurableApplicationContext context = start.join()) {
			assertThat(this.http.status("/hello")).isEqualTo(200);
			assertThat(this.http.body("/actuator/migrations")).startsWith("{\"state\":\"COMPLETED\"")
				.doesNotContain("\"error\"");
			assertThat(context.isRunning()).isTrue();
		}
	}

	private void awaitFailed() {
		Awaiting.await("failure")
			.until(() -> this.http.body("/actuator/migrations").startsWith("{\"state\":\"FAILED\""));
	}

}
