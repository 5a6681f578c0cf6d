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

package io.github.migrationguard.blocked;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for units that say what their transaction is like.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class TransactionSettingsTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "set local role reader", "set local session authorization reader",
			"set transaction read only", "set local transaction_read_only = on", "set local search_path = pg_catalog",
			"select set_config('role', 'reader', true)", "set local standard_conforming_strings = off",
			"do $$ begin set local role reader; end $$" })
	void endBeforeUnitIsRecorded(String sql, TestDatabase database) {
		database.superuser().sql("create role reader").update();
		try {
			database.superuser().sql("grant reader to " + database.username()).update();
			database.superuser().sql("alter role %s superuser".formatted(database.username())).update();
			start(Tool.LIQUIBASE, database, Unit.transactional("local", sql),
					Unit.transactional("after", "create table after (id int)"));
		}
		finally {
			database.superuser().sql("drop role reader").update();
		}
		assertThat(Tool.LIQUIBASE.recorded(database)).containsExactly("local", "after");
	}

	@Test
	void timeZoneOfUnitIsNotThatOfItsRecord(TestDatabase database) {
		start(Tool.LIQUIBASE, database, Unit.transactional("local", "set local timezone = 'Asia/Tokyo'"));
		assertThat(database.client()
			.sql("select abs(extract(epoch from now()::timestamp - dateexecuted)) < 3600 from databasechangelog")
			.query(Boolean.class)
			.single()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "set transaction isolation level serializable",
			"set local transaction_isolation = 'serializable'", "set transaction_isolation = 'serializable'",
			"set local statement_timeout = '1min';\nset transaction isolation level serializable" })
	void isolationCanBeSetInAnyForm(String sql, TestDatabase database) {
		start(Tool.LIQUIBASE, database, Unit.transactional("isolation",
				sql + ";\ncreate table noted as select current_setting('transaction_isolation') as value"));
		assertThat(database.client().sql("select value from noted").query(String.class).single())
			.isEqualTo("serializable");
	}

	@ParameterizedTest
	@EnumSource
	void isolationCanBeSetByBegin(Tool tool, TestDatabase database) {
		start(tool, database, Unit.nonTransactional("isolation", """
				begin isolation level serializable;
				create table noted as select current_setting('transaction_isolation') as value;
				commit"""));
		assertThat(database.client().sql("select value from noted").query(String.class).single())
			.isEqualTo("serializable");
	}

	@Test
	void snapshotIsTakenAfterLock(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
		Unit unit = Unit.transactional("copy", """
				set transaction isolation level repeatable read;
				lock table orders in share mode;
				create table copy as select * from orders""");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("insert into orders values (1)");
				GuardedStart start = GuardedStart
					.withDefaults(Tool.LIQUIBASE.migrator(database, this.directory, unit))) {
			Waits waits = new Waits(database);
			Awaiting.await("a wait").until(() -> start.isOver() || waits.isMigrationWaitingLongerThan(Duration.ZERO));
			blocker.commit();
			start.complete();
		}
		assertThat(database.client().sql("select count(*) from copy").query(Integer.class).single()).isOne();
	}

	@Test
	void nothingIsSentIntoAbortedTransaction(TestDatabase database) {
		SwallowingMigration migration = new SwallowingMigration(SwallowingMigration.Kind.PLAIN) {

			@Override
			public void migrate(Context context) throws SQLException {
				useSavepoint(context.getConnection());
			}

		};
		try (GuardedStart start = GuardedStart.of(Tool.migrator(database, migration))) {
			start.complete();
		}
		assertThat(database.client().sql("select count(*) from kept").query(Integer.class).single()).isOne();
	}

	private static void useSavepoint(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("create table kept (id int)");
			statement.execute("savepoint s");
			try {
				statement.execute("select 1 / 0");
			}
			catch (SQLException ex) {
				statement.execute("rollback to savepoint s");
			}
			statement.execute("insert into kept values (1)");
		}
	}

	@Test
	void rowsCanBeFrozenAfterIndexWasCreated(TestDatabase database) {
		Unit unit = Unit.transactional("frozen", """
				create table frozen (id int);
				create index frozen_id on frozen (id);
				copy frozen from stdin with (freeze);
				1
				\\.
				""");
		start(Tool.FLYWAY, database, unit);
		assertThat(database.client().sql("select id from frozen").query(Integer.class).single()).isOne();
	}

	@Test
	void lockTimeoutOfConfigurationDoesNotCutConcurrentBuild(TestDatabase database) throws Exception {
		database.client().sql("create table orders (id int)").update();
		Path location = this.directory.resolve("scripts");
		FlywayScripts.empty()
			.nonTransactional("first", "create table first (id int)")
			.nonTransactional("index", "create index concurrently orders_id on orders (id)")
			.script("beforeMigrate.sql", "set lock_timeout = '200ms'")
			.writeTo(location);
		Files.writeString(location.resolve("afterEachMigrate.sql"), "do $$ begin set lock_timeout = '200ms'; end $$");
		Waits waits = new Waits(database);
		try (OtherSession snapshot = OtherSession.open(database, "report")
			.execute("begin isolation level repeatable read")
			.execute("select 1");
				GuardedStart start = GuardedStart
					.of(FlywayMigrators.of(Tool.configuration(Tool.dataSource(database), "public")
						.locations("filesystem:" + location)
						.initSql("set lock_timeout = '200ms'")
						.load()))) {
			Awaiting.await("wait for the snapshot")
				.until(() -> start.isOver() || waits.isMigrationWaitingLongerThan(Duration.ofMillis(900)));
			assertThat(start.isOver()).as("over: %s", start.status()).isFalse();
			snapshot.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
		}
	}

	private void start(Tool tool, TestDatabase database, Unit... units) {
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, units))) {
			start.complete();
		}
	}

}
