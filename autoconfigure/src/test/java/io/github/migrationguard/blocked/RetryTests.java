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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.DdlBlockedException;
import io.github.migrationguard.Failures;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.MigrationStoppedException;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.StartingService;
import io.github.migrationguard.testsupport.StatementLog.Entry;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.Blocker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for units that are blocked and tried again.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class RetryTests {

	private static final String SHORT_LOCK_TIMEOUT = "migration-guard.ddl.lock-timeout=600ms";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void unitThatGetsItsLocksOnThirdAttemptIsAppliedOnce(MigrationTool tool, TestDatabase database) {
		createTables(database);
		Ledger ledger = Ledger.install(database);
		Migrations migrations = tool.unit("vip", "create table shop.audit as select 1 as id",
				"alter table shop.orders add column total int", "insert into shop.audit values (2)",
				"alter table shop.customers add column vip boolean", "insert into shop.audit values (3)");
		try (OtherSession first = reading(database, "first", "orders");
				OtherSession second = reading(database, "second", "customers");
				StartingService service = start(database, migrations, SHORT_LOCK_TIMEOUT)) {
			service.awaitAttempts(1);
			first.commit();
			service.awaitAttempts(2);
			second.commit();
			MigrationStatus status = service.awaitStarted();
			assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(status.ddl().attempts()).extracting(Attempt::number, Attempt::outcome, RetryTests::pids)
				.containsExactly(tuple(1, Outcome.LOCK_TIMEOUT, List.of(first.pid())),
						tuple(2, Outcome.LOCK_TIMEOUT, List.of(second.pid())), tuple(3, Outcome.APPLIED, List.of()));
			assertThat(status.ddl().attempts()).extracting(Attempt::unit).containsOnly(migrations.identifiers().get(0));
			assertThat(status.ddl().retries()).isEqualTo(Map.of(Outcome.LOCK_TIMEOUT, 2));
		}
		ledger.assertAppliedExactlyOnce(migrations);
		ledger.assertRecordedInTransactionOfStatements();
		assertThat(database.client().sql("select id from shop.audit order by id").query(Integer.class).list())
			.containsExactly(1, 2, 3);
		assertNothingLeft(database);
	}

	@Test
	void stopWhileBackingOffEndsAtOnceAndLeavesNothing(TestDatabase database) {
		createTables(database);
		try (OtherSession blocker = reading(database, "report", "orders");
				StartingService service = start(database, addColumn(MigrationTool.LIQUIBASE), SHORT_LOCK_TIMEOUT,
						"migration-guard.shutdown.grace=50s")) {
			service.await(MigrationState.BACKING_OFF);
			Instant stop = Instant.now();
			service.stop();
			assertThat(service.awaitFailed()).cause().isInstanceOf(MigrationStoppedException.class);
			assertThat(Duration.between(stop, Instant.now())).isLessThan(Duration.ofSeconds(20));
			assertThat(service.status().state()).isEqualTo(MigrationState.ABORTED);
			assertThat(service.status().ddl().sample()).isNull();
			assertThat(blocker.isAlive()).isTrue();
		}
		assertNothingLeft(database);
		assertThat(database.client().sql("""
				select (select count(*) from databasechangelog)
				  + (select count(*) from databasechangeloglock where locked)""").query(Integer.class).single())
			.isZero();
	}

	@ParameterizedTest
	@EnumSource
	void isNotFailedBySomebodyWhoCancelsTheLookAtWhoIsInTheWay(MigrationTool tool, TestDatabase database) {
		createTables(database);
		try (OtherSession blocker = reading(database, "report", "orders");
				StartingService service = start(database, addColumn(tool), SHORT_LOCK_TIMEOUT)) {
			service.await("session that backs off", (status) -> !backingOff(database).isEmpty());
			database.superuser()
				.sql("select bool_or(pg_cancel_backend(?)) from generate_series(1, 1500) where pg_sleep(0.001) is not null")
				.param(backingOff(database).get(0))
				.query(Boolean.class)
				.single();
			assertThat(service.status().state()).isEqualTo(MigrationState.BACKING_OFF);
			blocker.commit();
			assertThat(service.awaitStarted().state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(service.attempts()).hasSize(2);
		}
		assertNothingLeft(database);
	}

	private static List<Integer> backingOff(TestDatabase database) {
		return database.superuser()
			.sql("select pid from pg_stat_activity where datname = current_database() and application_name like 'mg:B%'")
			.query(Integer.class)
			.list();
	}

	@Test
	void waiterSeesThatHolderIsBlockedAndDoesNotGiveUp(TestDatabase database) {
		createTables(database);
		Migrations migrations = addColumn(MigrationTool.FLYWAY);
		try (OtherSession blocker = reading(database, "report", "orders");
				StartingService holder = start(database, migrations, SHORT_LOCK_TIMEOUT)) {
			holder.await(MigrationState.BACKING_OFF);
			try (StartingService waiter = start(database, migrations, "migration-guard.lock.wait-timeout=1s")) {
				MigrationStatus status = waiter.await("waiter beyond its timeout", RetryTests::hasWaitedForLong);
				LockParticipant seen = status.lock().sample().participants().holder();
				assertThat(seen.activity()).isEqualTo(Activity.BACKING_OFF);
				assertThat(holder.status().state()).isEqualTo(MigrationState.BACKING_OFF);
				blocker.commit();
				assertThat(holder.awaitStarted().state()).isEqualTo(MigrationState.COMPLETED);
				assertThat(waiter.awaitStarted().state()).isEqualTo(MigrationState.UP_TO_DATE);
			}
		}
	}

	private static boolean hasWaitedForLong(MigrationStatus status) {
		MigrationStatus.Lock lock = status.lock();
		return lock != null && lock.waitingSince() != null && lock.sample() != null
				&& Duration.between(lock.waitingSince(), lock.sample().sampledAt())
					.compareTo(Duration.ofSeconds(2)) > 0;
	}

	@ParameterizedTest
	@EnumSource
	void givesUpAfterMaxDuration(MigrationTool tool, TestDatabase database) {
		createTables(database);
		try (OtherSession blocker = reading(database, "report", "orders");
				StartingService service = start(database, addColumn(tool), SHORT_LOCK_TIMEOUT,
						"migration-guard.ddl.retry.max-duration=700ms")) {
			assertThat(service.awaitFailed()).cause()
				.isInstanceOfSatisfying(DdlBlockedException.class,
						(ex) -> assertThat(ex.getAttempts()).isEqualTo(service.attempts()).isNotEmpty())
				.satisfies((ex) -> assertThatAnalysisNames(blocker, Failures.analyze(ex)));
			assertThat(service.status().state()).isEqualTo(MigrationState.FAILED);
			assertThat(service.status().error().sqlState()).isEqualTo("55P03");
			assertThat(service.attempts()).isNotEmpty()
				.allSatisfy((attempt) -> assertThat(attempt.outcome()).isEqualTo(Outcome.LOCK_TIMEOUT))
				.allSatisfy((attempt) -> assertThat(pids(attempt)).containsExactly(blocker.pid()));
		}
		assertNothingLeft(database);
	}

	private static void assertThatAnalysisNames(OtherSession blocker, FailureAnalysis analysis) {
		assertThat(analysis.getDescription()).contains("1. LOCK_TIMEOUT after", "pid " + blocker.pid(),
				"IDLE_IN_TRANSACTION", "application report", "holds AccessShareLock on shop.orders",
				"migration-guard.ddl.retry.max-duration");
		assertThat(analysis.getAction()).contains("select pg_terminate_backend(%d)".formatted(blocker.pid()));
	}

	@Test
	void fastRunIsNotWatched(TestDatabase database) {
		createTables(database);
		try (StartingService service = start(database, addColumn(MigrationTool.FLYWAY))) {
			assertThat(service.awaitStarted().ddl()).isEqualTo(MigrationStatus.Ddl.NONE);
		}
		assertThat(watchers(database)).isEmpty();
	}

	@Test
	void blockedRunIsWatchedFromSessionThatIsNotLeft(TestDatabase database) {
		createTables(database);
		try (OtherSession blocker = reading(database, "report", "orders");
				StartingService service = start(database, addColumn(MigrationTool.FLYWAY), SHORT_LOCK_TIMEOUT)) {
			service.await("somebody who watches", (status) -> isWatched());
			service.awaitAttempts(1);
			blocker.commit();
			assertThat(service.awaitStarted().ddl().sample()).isNull();
			assertThat(watchers(database)).isNotEmpty().hasSizeLessThanOrEqualTo(service.attempts().size());
		}
		assertNothingLeft(database);
	}

	/**
	 * Return the sessions that were opened to watch another one.
	 */
	private static Set<Integer> watchers(TestDatabase database) {
		return database.statementLog()
			.statements()
			.stream()
			.filter((entry) -> entry.application().equals("migration-guard") && entry.sql().contains("with recursive"))
			.map(Entry::pid)
			.collect(Collectors.toSet());
	}

	private static Migrations addColumn(MigrationTool tool) {
		return tool.unit("total", "alter table shop.orders add column total int");
	}

	private static void createTables(TestDatabase database) {
		database.client().sql("create schema shop").update();
		for (String table : List.of("orders", "customers")) {
			database.client().sql("create table shop.%s (id int)".formatted(table)).update();
		}
	}

	private static OtherSession reading(TestDatabase database, String applicationName, String table) {
		return OtherSession.open(database, applicationName).begin("select count(*) from shop." + table);
	}

	private StartingService start(TestDatabase database, Migrations migrations, String... properties) {
		return StartingService.start(database, migrations, this.directory, properties);
	}

	private static List<Integer> pids(Attempt attempt) {
		return attempt.blockers().stream().map(Blocker::pid).toList();
	}

	private static boolean isWatched() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().startsWith("migration-guard-monitor"));
	}

	private static void assertNothingLeft(TestDatabase database) {
		assertThat(isWatched()).isFalse();
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
		assertThat(database.advisoryLocks()).isEmpty();
	}

}
