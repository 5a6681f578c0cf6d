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

package io.github.migrationguard.security;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.github.migrationguard.GuardSettings;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.Settings;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Guards of one migration each, to be run by a test.
 *
 * @author Migration Guard
 */
final class Guards {

	/**
	 * The key of Liquibase in the schema {@code public}.
	 */
	static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"", "public.databasechangeloglock");

	/**
	 * How long a waiter bears a holder without a sign of life.
	 */
	private static final Duration WAIT = Duration.ofSeconds(1);

	private Guards() {
	}

	static DriverManagerDataSource dataSource(TestDatabase database) {
		return new DriverManagerDataSource(database.url(), database.username(), database.password());
	}

	static Migrator liquibase(TestDatabase database, Path directory, String schema) {
		return LiquibaseMigrators.of(dataSource(database), directory, Changelog.ofTables(2).writeTo(directory), schema);
	}

	static MigrationGuard of(Migrator migrator) {
		return of(migrator, "orders/pod-0", null, Map.of());
	}

	static MigrationGuard of(Migrator migrator, Duration wait) {
		return of(migrator, "orders/pod-0", null, Map.of(), wait);
	}

	static MigrationGuard of(Migrator migrator, String instance, @Nullable String lockName,
			Map<String, String> settings) {
		return of(migrator, instance, lockName, settings, WAIT);
	}

	private static MigrationGuard of(Migrator migrator, String instance, @Nullable String lockName,
			Map<String, String> settings, Duration wait) {
		MigrationGuard guard = new MigrationGuard(
				new GuardSettings(instance, MigrationRole.MIGRATE, SchemaAhead.WARN, lockName, wait, Duration.ZERO,
						settings, Duration.ZERO, Settings.DDL, Settings.BLOCKERS, Duration.ofMillis(100)),
				ObservationRegistry.NOOP);
		guard.register(migrator);
		return guard;
	}

}
