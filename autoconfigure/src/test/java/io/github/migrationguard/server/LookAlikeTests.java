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

package io.github.migrationguard.server;

import java.nio.file.Path;
import java.sql.Connection;

import io.github.migrationguard.AdvisoryLockException;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockSelfTest;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for databases that have the functions of advisory locks, but not the locks: a
 * real one, in which others are found under their names.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LookAlikeTests {

	private static final LockKey KEY = LockKey.of("identity", "name");

	private static final Changelog TABLES = Changelog.ofTables(2);

	@TempDir
	private Path directory;

	@Test
	void lockThatEverybodyGetsIsRefused(TestDatabase database) {
		shadow(database, "returns boolean language sql as 'select true'");
		AdvisoryLockException failure = service(database).fail(AdvisoryLockException.class);
		assertThat(failure.getProduct()).startsWith("PostgreSQL ");
		assertThat(failure.getDefect()).isEqualTo("a second connection got the advisory lock, too");
		assertNoTable(database);
	}

	@Test
	void lockThatDoesNotExistIsRefused(TestDatabase database) {
		shadow(database, """
				returns boolean language plpgsql as
				$$begin raise 'advisory locks are not yet implemented' using errcode = '0A000'; end$$""");
		AdvisoryLockException failure = service(database).fail(AdvisoryLockException.class);
		assertThat(failure.getDefect()).contains("advisory locks are not yet implemented");
		assertNoTable(database);
	}

	@Test
	void lockThatCannotBeSeenIsADefect(TestDatabase database) throws Exception {
		shadow(database, "returns boolean language sql as 'select false'");
		try (Connection connection = database.connect()) {
			assertThat(LockSelfTest.findDefect(KEY, connection)).isEqualTo("pg_locks does not show the advisory lock");
		}
	}

	@Test
	void lockThatIsHeldHasNoDefect(TestDatabase database) throws Exception {
		try (Connection holder = database.connect(); Connection connection = database.connect()) {
			lock(holder);
			assertThat(LockSelfTest.findDefect(KEY, connection)).isNull();
		}
	}

	@Test
	void lockThatIsNotHeldIsNotTaken(TestDatabase database) throws Exception {
		try (Connection connection = database.connect()) {
			assertThat(LockSelfTest.findDefect(KEY, connection)).isNotNull();
			try (Connection other = database.connect()) {
				assertThat(lock(other)).isTrue();
			}
		}
	}

	@Test
	void roleWithOneConnectionMigratesUntested(TestDatabase database) {
		database.superuser().sql("alter role %s connection limit 1".formatted(database.username())).update();
		assertThat(service(database).start().state()).isEqualTo(MigrationState.COMPLETED);
	}

	private Service service(TestDatabase database) {
		return Service.of(database, database.url(), TABLES, this.directory);
	}

	private static void shadow(TestDatabase database, String definition) {
		database.superuser().sql("create function public.pg_try_advisory_lock(int, int) " + definition).update();
		database.superuser()
			.sql("alter database %s set search_path = public, pg_catalog".formatted(database.name()))
			.update();
	}

	private static boolean lock(Connection connection) throws Exception {
		try (var statement = connection.createStatement();
				var row = statement
					.executeQuery("select pg_try_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()))) {
			row.next();
			return row.getBoolean(1);
		}
	}

	private static void assertNoTable(TestDatabase database) {
		assertThat(database.client()
			.sql("select tablename from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).isEmpty();
	}

}
