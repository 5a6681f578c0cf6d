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

package io.github.migrationguard.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.GuardSettings;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.testsupport.Settings;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.observation.ObservationRegistry;
import org.flywaydb.core.Flyway;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An instance of a service reduced to its guard, in this process.
 *
 * @author Migration Guard
 */
final class Instance {

	static final String MAIN_THREAD = "main of ";

	private final CompletableFuture<Instant> end = new CompletableFuture<>();

	private final MigrationGuard guard;

	private final Thread main;

	private Instance(MigrationGuard guard, String name) {
		this.guard = guard;
		this.main = new Thread(this::migrate, MAIN_THREAD + name);
		this.main.setDaemon(true);
	}

	static Instance create(Trial trial, Path directory, String name) {
		GuardSettings settings = Settings.of(name, MigrationRole.MIGRATE, SchemaAhead.IGNORE, Duration.ofMinutes(5));
		Instance instance = new Instance(new MigrationGuard(settings, ObservationRegistry.NOOP), name);
		instance.guard.register(migrator(dataSource(trial.database()), directory));
		return instance;
	}

	static Migrator migrator(DataSource dataSource, Path directory) {
		return FlywayMigrators.of(Flyway.configure()
			.dataSource(dataSource)
			.locations("filesystem:" + directory.resolve("db/migration"))
			.load());
	}

	static DataSource dataSource(TestDatabase database) {
		return new DriverManagerDataSource(database.url(), database.username(), database.password());
	}

	Instance start() {
		this.main.start();
		return this;
	}

	private void migrate() {
		try {
			this.guard.migrate();
			this.end.complete(Instant.now());
		}
		catch (Throwable ex) {
			this.end.completeExceptionally(ex);
		}
	}

	boolean isWaiting() {
		return this.guard.getStatus().get(0).state() == MigrationState.WAITING;
	}

	void awaitEnd() {
		this.end.join();
	}

	Instant endedAt() {
		return this.end.join();
	}

}
