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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.DdlSettings;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.ReadLoad;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for units that meet a lock.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BlockedUnitTests {

	private static final String READ_ORDERS = "select count(*) from orders";

	private static final DdlSettings PATIENT = new DdlSettings(Duration.ofMinutes(1), Duration.ofMinutes(1),
			Duration.ofMinutes(1), RepairInvalidIndexes.OWN);

	@TempDir
	private Path directory;

	@BeforeEach
	void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
	}

	@ParameterizedTest
	@EnumSource
	void transactionalUnitIsAppliedWhenBlockerIsGone(Tool tool, TestDatabase database) {
		Unit unit = Unit.transactional("total", "insert into orders values (1);\nalter table orders add total int");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			start.awaitBackingOff();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(tool.recorded(database)).containsExactly("total");
		assertThat(rows(database)).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void unitOutsideTransactionIsTriedAgainIfItsFirstStatementIsBlocked(Tool tool, TestDatabase database) {
		Unit unit = Unit.nonTransactional("total", "alter table orders add total int;\ninsert into orders values (1)");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			start.awaitBackingOff();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(tool.recorded(database)).containsExactly("total");
		assertThat(rows(database)).isOne();
	}

	@Test
	void changeThatHasCommittedIsNotTriedAgain(TestDatabase database) throws Exception {
		Files.writeString(this.directory.resolve("custom.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: total
				    author: test
				    changes:
				    - customChange: {class: io.github.migrationguard.blocked.CommittingChange}
				""");
		assertNotTriedAgain(database,
				LiquibaseMigrators.of(Tool.dataSource(database), this.directory, "classpath:/custom.yaml", "public"));
		assertThat(Tool.LIQUIBASE.recorded(database)).isEmpty();
	}

	@Test
	void javaMigrationThatHasCommittedIsNotTriedAgain(TestDatabase database) {
		assertNotTriedAgain(database, Tool.migrator(database, new CommittingMigration()));
		assertThat(Tool.FLYWAY.recorded(database)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void scriptThatHasCommittedIsNotTriedAgain(Tool tool, TestDatabase database) {
		Unit unit = Unit.transactional("total",
				"insert into orders values (1);\ncommit;\nalter table orders add total int");
		assertNotTriedAgain(database, tool.migrator(database, this.directory, unit));
		assertThat(tool.recorded(database)).isEmpty();
	}

	/**
	 * It waits as long as nobody queues behind it, and cannot be tried again if it is cut
	 * then.
	 */
	private static void assertNotTriedAgain(TestDatabase database, Migrator migrator) {
		Waits waits = new Waits(database);
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				OtherSession reader = OtherSession.open(database, "reader");
				GuardedStart start = GuardedStart.of(migrator)) {
			Awaiting.await("a long wait")
				.until(() -> start.isOver() || waits.isMigrationWaitingLongerThan(Duration.ofMillis(600)));
			assertThat(start.isOver()).isFalse();
			reader.executeInBackground(READ_ORDERS);
			assertThat(start.fail()).hasMessageContaining("would be executed twice");
			blocker.commit();
		}
		assertThat(rows(database)).isOne();
	}

	@Test
	void anotherAttemptHasNoLockTimeoutOfTheRoleInPreconditions(TestDatabase database) {
		database.superuser().sql("alter role %s set lock_timeout = '7s'".formatted(database.username())).update();
		String changeLog = Changelog.empty()
			.changeSet("row", "runAlways:true", """
					--preconditions onFail:HALT
					--precondition-sql-check expectedResult:0 select current_setting('lock_timeout')
					insert into orders values (1)""")
			.changeSet("total", "alter table orders add total int")
			.writeTo(this.directory);
		Migrator migrator = LiquibaseMigrators.of(Tool.dataSource(database), this.directory, changeLog, "public");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(migrator)) {
			start.awaitBackingOff();
			blocker.commit();
			start.completeAfterRetry();
		}
	}

	@Test
	void isolationLevelCanBeSet(TestDatabase database) {
		Unit unit = Unit.transactional("total",
				"set transaction isolation level serializable;\nalter table orders add total int");
		try (GuardedStart start = GuardedStart.of(Tool.LIQUIBASE.migrator(database, this.directory, unit))) {
			start.complete();
		}
	}

	@Test
	void copyWaitsForTable(TestDatabase database) {
		database.client().sql("create table items (id int)").update();
		Unit unit = Unit.transactional("items", "alter table orders add total int;\ncopy items from stdin;\n1\n\\.\n");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("lock table items");
				GuardedStart start = GuardedStart.of(Tool.FLYWAY.migrator(database, this.directory, unit),
						new DdlSettings(Duration.ofMillis(1), Duration.ofMinutes(1), Duration.ofMinutes(1),
								RepairInvalidIndexes.OWN))) {
			Awaiting.await("the blocker").until(() -> start.isOver() || start.status().ddl().sample() != null);
			assertThat(start.isOver()).isFalse();
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
		}
		assertThat(database.client().sql("select id from items").query(Integer.class).list()).containsExactly(1);
	}

	@ParameterizedTest
	@EnumSource
	void victimOfDeadlockIsTriedAgain(Tool tool, TestDatabase database) {
		createFunctionThatAwaitsOther(database);
		Unit unit = Unit.transactional("both", """
				alter table orders add total int;
				select await_other();
				alter table customers add total int""");
		setDeadlockTimeout(database, "1min");
		try (OtherSession other = OtherSession.open(database, "other").begin("insert into customers values (1)")) {
			setDeadlockTimeout(database, "100ms");
			try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit), PATIENT)) {
				Awaiting.await("lock of the migration").until(() -> isLocked(database, "orders"));
				CompletableFuture<OtherSession> end = other
					.executeInBackground("lock table orders in access share mode; commit");
				MigrationStatus status = start.complete();
				assertThat(status.ddl().attempts()).extracting(Attempt::outcome)
					.containsExactly(Outcome.DEADLOCK, Outcome.APPLIED);
				assertThat(end).succeedsWithin(Duration.ofMinutes(1));
			}
		}
		assertThat(tool.recorded(database)).containsExactly("both");
	}

	private static void createFunctionThatAwaitsOther(TestDatabase database) {
		database.client().sql("create table customers (id int)").update();
		database.client().sql("""
				create function await_other() returns void language plpgsql as $$
				begin
				  while not exists (select from customers) and not exists (
				      select from pg_locks where relation = 'orders'::regclass and not granted) loop
				    perform pg_sleep(0.02);
				  end loop;
				end $$""").update();
	}

	private static void setDeadlockTimeout(TestDatabase database, String value) {
		database.superuser()
			.sql("alter database %s set deadlock_timeout = '%s'".formatted(database.name(), value))
			.update();
	}

	private static boolean isLocked(TestDatabase database, String table) {
		return database.superuser()
			.sql("select exists (select from pg_locks where relation = to_regclass(?) and mode = 'AccessExclusiveLock')")
			.param(table)
			.query(Boolean.class)
			.single();
	}

	@Test
	void unitsThatAlwaysRunAreNoAttemptsOfBlockedOne(TestDatabase database) {
		String changeLog = Changelog.empty()
			.changeSet("row", "runAlways:true", "insert into orders values (1)")
			.changeSet("total", "alter table orders add total int")
			.writeTo(this.directory);
		Migrator migrator = LiquibaseMigrators.of(Tool.dataSource(database), this.directory, changeLog, "public");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(migrator)) {
			start.awaitBackingOff();
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).extracting(Attempt::number, Attempt::outcome)
				.containsExactly(tuple(1, Outcome.LOCK_TIMEOUT), tuple(2, Outcome.APPLIED));
		}
	}

	@Test
	void groupOfMigrationsIsAppliedOnce(TestDatabase database) {
		Path location = this.directory.resolve("group");
		FlywayScripts.empty()
			.versioned("row", "insert into orders values (1)")
			.versioned("total", "alter table orders add total int")
			.versioned("last", "insert into orders values (2)")
			.writeTo(location);
		Migrator migrator = FlywayMigrators.of(Tool.configuration(Tool.dataSource(database), "public")
			.locations("filesystem:" + location)
			.group(true)
			.load());
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(migrator)) {
			start.awaitBackingOff();
			assertThat(Tool.FLYWAY.recorded(database)).isEmpty();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(Tool.FLYWAY.recorded(database)).containsExactly("row", "total", "last");
		assertThat(rows(database)).isEqualTo(2);
	}

	@Test
	void autovacuumIsCancelledByServer(TestDatabase database) throws Exception {
		Unit unit = Unit.transactional("total", "alter table orders add total int");
		try (Autovacuum autovacuum = Autovacuum.of(database, "orders");
				ReadLoad readers = ReadLoad.start(database, "orders", 2, 20);
				GuardedStart start = GuardedStart
					.withDefaults(Tool.LIQUIBASE.migrator(database, this.directory, unit))) {
			start.complete();
			readers.stop();
			Awaiting.await("the end of the worker").until(() -> !autovacuum.isRunning());
		}
		assertThat(Tool.LIQUIBASE.recorded(database)).containsExactly("total");
	}

	private static int rows(TestDatabase database) {
		return database.client().sql("select count(*) from orders").query(Integer.class).single();
	}

}
