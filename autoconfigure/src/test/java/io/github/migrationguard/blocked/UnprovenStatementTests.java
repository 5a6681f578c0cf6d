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
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.PartlyAppliedException;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for statements outside a transaction: one that may have committed a part of
 * itself is neither cut nor repeated, any other one is repeated by itself.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class UnprovenStatementTests {

	private static final String READ_ORDERS = "select count(*) from orders";

	/**
	 * Longer than the lock timeout of {@link GuardedStart}.
	 */
	private static final Duration LONG = Duration.ofMillis(900);

	@TempDir
	private Path directory;

	@BeforeEach
	void createTables(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
		database.client().sql("create table accounts (id int primary key, balance int default 0)").update();
		database.client().sql("insert into accounts select generate_series(1, 10)").update();
		database.client().sql("""
				create procedure raise_all() language plpgsql as $$
				begin
				  for i in 1..10 loop
				    update accounts set balance = balance + 10 where id = i;
				    commit;
				  end loop;
				end $$""").update();
	}

	@ParameterizedTest
	@EnumSource
	void procedureThatCommitsIsExecutedOnce(Tool tool, TestDatabase database) {
		assertExecutedOnce(tool, database, "call raise_all()");
	}

	@Test
	void blockThatCommitsIsExecutedOnce(TestDatabase database) {
		assertExecutedOnce(Tool.FLYWAY, database, """
				do $$
				begin
				  for i in 1..10 loop
				    update accounts set balance = balance + 10 where id = i;
				    commit;
				  end loop;
				end $$""");
	}

	private void assertExecutedOnce(Tool tool, TestDatabase database, String sql) {
		try (OtherSession blocker = OtherSession.open(database, "blocker")
			.begin("select from accounts where id = 6 for update");
				GuardedStart start = GuardedStart
					.of(tool.migrator(database, this.directory, Unit.nonTransactional("raise", sql)))) {
			awaitLongWait(database, start);
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
		}
		assertThat(tool.recorded(database)).containsExactly("raise");
		assertThat(balances(database)).containsOnly(10);
	}

	@Test
	void textOfSeveralStatementsIsExecutedOnce(TestDatabase database) {
		Changelog changelog = Changelog.empty().changeSet("raise", "runInTransaction:false splitStatements:false", """
				update accounts set balance = balance + 10 where id < 6; commit;
				alter table orders add total int; update accounts set balance = balance + 10 where id > 5""");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(LiquibaseMigrators.of(Tool.dataSource(database), this.directory,
						changelog.writeTo(this.directory), "public"))) {
			awaitLongWait(database, start);
			blocker.commit();
			start.complete();
		}
		assertThat(balances(database)).containsOnly(10);
	}

	@ParameterizedTest
	@EnumSource
	void procedureThatFailsIsToldAsPartlyApplied(Tool tool, TestDatabase database) {
		database.client().sql("alter table accounts add check (id <> 6 or balance = 0)").update();
		try (GuardedStart start = GuardedStart
			.of(tool.migrator(database, this.directory, Unit.nonTransactional("raise", "call raise_all()")))) {
			assertThat(start.fail()).asInstanceOf(InstanceOfAssertFactories.type(PartlyAppliedException.class))
				.satisfies((failure) -> assertThat(failure.getExecuted()).isZero())
				.satisfies((failure) -> assertThat(failure).hasMessageContaining("may have committed a part"));
		}
	}

	@Test
	void procedureInTransactionIsCut(TestDatabase database) {
		database.client().sql("""
				create procedure add_total() language plpgsql as $$
				begin
				  alter table orders add total int;
				end $$""").update();
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(Tool.FLYWAY.migrator(database, this.directory,
						Unit.transactional("total", "call add_total()")))) {
			start.awaitBackingOff();
			blocker.commit();
			start.completeAfterRetry();
		}
	}

	@ParameterizedTest
	@EnumSource
	void statementIsRepeatedByItself(Tool tool, TestDatabase database) {
		Unit unit = Unit.nonTransactional("total",
				"create table total (id int);\nalter table orders add total int;\ninsert into orders values (1)");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			start.awaitBackingOff();
			Awaiting.await("what is in the way").until(() -> start.status().ddl().sample() != null);
			blocker.commit();
			MigrationStatus status = start.complete();
			assertThat(status.ddl().attempts()).extracting((attempt) -> attempt.outcome())
				.containsExactly(Outcome.LOCK_TIMEOUT, Outcome.APPLIED);
		}
		assertThat(tool.recorded(database)).containsExactly("total");
		assertThat(database.client().sql(READ_ORDERS).query(Integer.class).single()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "vacuum orders", "analyze orders", "alter table orders alter id set statistics 10",
			"alter table orders validate constraint positive" })
	void whatBlocksNobodyWaits(String sql, TestDatabase database) {
		database.client().sql("alter table orders add constraint positive check (id > 0) not valid").update();
		Unit unit = Unit.nonTransactional("maintenance", "create table total (id int);\n" + sql);
		try (OtherSession blocker = OtherSession.open(database, "blocker")
			.begin("lock table orders in share update exclusive mode");
				OtherSession queued = OtherSession.open(database, "queued");
				GuardedStart start = GuardedStart.of(Tool.LIQUIBASE.migrator(database, this.directory, unit))) {
			awaitLongWait(database, start);
			queued.executeInBackground("begin; lock table orders in share update exclusive mode; commit");
			Waits waits = new Waits(database);
			Awaiting.await("session behind").until(() -> start.isOver() || waits.isWaitingLongerThan(LONG, "queued"));
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
		}
	}

	@Test
	void unitThatHasCommittedWaitsAsLongAsNobodyQueues(TestDatabase database) {
		Unit unit = Unit.transactional("total",
				"insert into orders values (1);\ncommit;\nalter table orders add total int");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select 1 from orders");
				GuardedStart start = GuardedStart.of(Tool.LIQUIBASE.migrator(database, this.directory, unit))) {
			awaitLongWait(database, start);
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
		}
		assertThat(database.client().sql(READ_ORDERS).query(Integer.class).single()).isOne();
	}

	private static void awaitLongWait(TestDatabase database, GuardedStart start) {
		Waits waits = new Waits(database);
		BooleanSupplier ended = () -> start.isBackingOff() || start.isOver();
		Awaiting.await("a long wait").until(() -> ended.getAsBoolean() || waits.isMigrationWaitingLongerThan(LONG));
		assertThat(ended.getAsBoolean()).as("cut: %s", start.status()).isFalse();
	}

	private static List<Integer> balances(TestDatabase database) {
		return database.client().sql("select balance from accounts").query(Integer.class).list();
	}

}
