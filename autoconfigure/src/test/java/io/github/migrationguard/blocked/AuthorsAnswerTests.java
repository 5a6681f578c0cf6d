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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

import io.github.migrationguard.MigrationException;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for failures that a unit makes or allows itself: they are its own, whatever their
 * SQLSTATE.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class AuthorsAnswerTests {

	private static final String SLEEP = "select pg_sleep(30)";

	private static final String RAISE = "do $$ begin raise exception 'no' using errcode = '%s'; end $$";

	@TempDir
	private Path directory;

	@BeforeEach
	void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
	}

	@ParameterizedTest
	@ValueSource(strings = { "lock table orders in access exclusive mode nowait",
			"set local lock_timeout = '100ms'; alter table orders add total int",
			"set lock_timeout = '100ms'; alter table orders add total int",
			"set local statement_timeout = '200ms'; " + SLEEP, "set statement_timeout = '200ms'; " + SLEEP,
			"select set_config('statement_timeout', '200ms', true); " + SLEEP,
			"do $$ begin raise exception 'no' using errcode = '57014'; end $$",
			"do $$ begin raise exception 'no' using errcode = '55P03'; end $$",
			"do $$ begin raise exception 'no' using errcode = '40P01'; end $$" })
	void changeSetThatMayFailFails(String sql, TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("own", "failOnError:false", sql)
			.changeSet("after", "create table after (id int)");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select count(*) from orders");
				GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			Awaiting.await("the end").until(() -> start.isOver() || start.isBackingOff());
			assertThat(start.isBackingOff()).isFalse();
			MigrationStatus status = start.complete();
			assertThat(status.ddl().attempts()).isEmpty();
			blocker.commit();
		}
		assertThat(executed(database)).containsExactly("after");
	}

	@ParameterizedTest
	@ValueSource(strings = { "55P03", "57014", "40P01" })
	void raisedFailureFailsAtOnce(String sqlState, TestDatabase database) {
		Changelog changelog = Changelog.empty().changeSet("own", RAISE.formatted(sqlState));
		try (GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			Awaiting.await("the end").until(() -> start.isOver() || start.isBackingOff());
			assertThat(start.isBackingOff()).isFalse();
			MigrationException failure = start.fail();
			assertThat(failure.getClass().getSimpleName()).isEqualTo("MigrationFailedException");
			assertThat(start.status().error().sqlState()).isEqualTo(sqlState);
		}
	}

	@Test
	void preconditionMayRunIntoItsOwnTimeout(TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("timeout", "runInTransaction:true", "set statement_timeout = '200ms'")
			.changeSet("own", """

					--preconditions onError:MARK_RAN
					--precondition-sql-check expectedResult:1 select count(*) from pg_sleep(30)""",
					"create table own (id int)")
			.changeSet("after", "create table after (id int)");
		try (GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			start.complete();
		}
		assertThat(database.client()
			.sql("select id || ' ' || exectype from databasechangelog order by orderexecuted")
			.query(String.class)
			.list()).containsExactly("timeout EXECUTED", "own MARK_RAN", "after EXECUTED");
	}

	@Test
	void migrationMayCatchItsQueryTimeout(TestDatabase database) {
		SwallowingMigration migration = new SwallowingMigration(SwallowingMigration.Kind.PLAIN) {

			@Override
			public void migrate(Context context) throws SQLException {
				Connection connection = context.getConnection();
				Savepoint savepoint = connection.setSavepoint();
				try (Statement statement = connection.createStatement()) {
					statement.setQueryTimeout(1);
					statement.execute(SLEEP);
				}
				catch (SQLException ex) {
					connection.rollback(savepoint);
				}
				try (Statement statement = connection.createStatement()) {
					statement.execute("create table after (id int)");
				}
			}

		};
		try (GuardedStart start = GuardedStart.of(Tool.migrator(database, migration))) {
			start.complete();
		}
		assertThat(database.client().sql("select to_regclass('after') is not null").query(Boolean.class).single())
			.isTrue();
	}

	@Test
	void failureAfterOwnLockTimeoutIsNoBlock(TestDatabase database) {
		SwallowingMigration migration = new SwallowingMigration(SwallowingMigration.Kind.PLAIN) {

			@Override
			public void migrate(Context context) throws SQLException {
				Connection connection = context.getConnection();
				try (Statement statement = connection.createStatement()) {
					statement.execute("set local lock_timeout = '100ms'");
					addColumnWithSavepoint(connection);
					statement.execute("select 1 / 0");
				}
			}

		};
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select count(*) from orders");
				GuardedStart start = GuardedStart.of(Tool.migrator(database, migration))) {
			Awaiting.await("the end").until(() -> start.isOver() || start.isBackingOff());
			assertThat(start.isBackingOff()).isFalse();
			start.fail();
			assertThat(start.status().error().sqlState()).isEqualTo("22012");
			blocker.commit();
		}
	}

	private Migrator migrator(TestDatabase database, Changelog changelog) {
		return LiquibaseMigrators.of(Tool.dataSource(database), this.directory, changelog.writeTo(this.directory),
				"public");
	}

	private static List<String> executed(TestDatabase database) {
		return database.client()
			.sql("select id from databasechangelog where exectype = 'EXECUTED'")
			.query(String.class)
			.list();
	}

}
