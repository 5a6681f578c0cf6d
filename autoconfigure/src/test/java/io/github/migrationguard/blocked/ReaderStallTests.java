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
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.ReadLoad;
import io.github.migrationguard.testsupport.Stalls;
import io.github.migrationguard.testsupport.StartingService;
import io.github.migrationguard.testsupport.StatementLog.Entry;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.SessionSample;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the users of a service feel of a migration that waits behind an idle
 * transaction. The transaction stays open for {@value #BLOCKER_SECONDS} seconds, as a
 * system property.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ReaderStallTests {

	private static final Log logger = LogFactory.getLog(ReaderStallTests.class);

	private static final String BLOCKER_SECONDS = "migration-guard.tests.blocker-seconds";

	private static final Duration BLOCKED = Duration.ofSeconds(Integer.getInteger(BLOCKER_SECONDS, 8));

	private static final Duration MAX_STALL = Duration.ofMillis(500);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void readersStallOnceHoweverLongTransactionStaysOpen(MigrationTool tool, TestDatabase database) throws Exception {
		createTables(database);
		Ledger ledger = Ledger.install(database);
		Migrations migrations = tool.unit("total", "alter table shop.orders add column total int");
		try (ReadLoad readers = ReadLoad.start(database, "shop.orders", 8, 80);
				ReadLoad control = ReadLoad.start(database, "shop.control", 4, 40);
				OtherSession blocker = OtherSession.open(database, "nightly-report");
				StartingService service = blocked(database, migrations, blocker)) {
			Instant firstWait = awaitFirstWait(database, service);
			Blocker seen = service.awaitBlockers(1).get(0);
			Duration named = Duration.between(firstWait, Instant.now());
			assertThat(seen.pid()).isEqualTo(blocker.pid());
			assertThat(seen.applicationName()).isEqualTo("nightly-report");
			assertThat(seen.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
			assertThat(seen.transactionAge()).isBetween(Duration.ofMillis(1), BLOCKED);
			assertThat(named).isLessThan(Duration.ofSeconds(2));
			Awaiting.await("the end of the idle transaction")
				.atMost(BLOCKED.plusMinutes(1))
				.until(() -> !blocker.isAlive());
			MigrationStatus status = service.awaitStarted();
			Duration late = Duration.between(endOf(database, blocker), ledger.lastCommit());
			Stalls stalls = Stalls.of(readers.stop(), control.stop());
			logger.info("%s: blocker named after %s, applied %s after its end, stalls %s, attempts %s".formatted(tool,
					named, late, stalls, status.ddl().attempts()));
			assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(stalls.longest()).as(stalls.toString()).isLessThanOrEqualTo(MAX_STALL.plusMillis(500));
			assertThat(stalls.episodes()).as(stalls.toString()).hasSizeLessThanOrEqualTo(2);
			assertThat(late).isBetween(Duration.ZERO, Duration.ofSeconds(2));
			ledger.assertAppliedExactlyOnce(migrations);
		}
	}

	@Test
	void readersOfTableThatUnitHasLockedStallOnceAsWell(TestDatabase database) throws Exception {
		createTables(database);
		Migrations migrations = MigrationTool.LIQUIBASE.unit("both", "alter table shop.orders add column total int",
				"alter table shop.customers add column vip boolean");
		try (ReadLoad readers = ReadLoad.start(database, "shop.orders", 8, 80);
				ReadLoad control = ReadLoad.start(database, "shop.control", 4, 40);
				OtherSession blocker = OtherSession.open(database, "nightly-report")
					.begin("select count(*) from shop.customers");
				StartingService service = StartingService.start(database, migrations, this.directory)) {
			service.await("readers behind the migration", ReaderStallTests::isQueuedBehind);
			service.await(MigrationState.BACKING_OFF);
			awaitReads(readers, 160);
			blocker.commit();
			MigrationStatus status = service.awaitStarted();
			Stalls stalls = Stalls.of(readers.stop(), control.stop());
			logger.info("Readers of the table that the unit has locked: " + stalls);
			assertThat(status.ddl().attempts()).extracting(Attempt::outcome)
				.containsExactly(Outcome.STALL, Outcome.APPLIED);
			assertThat(stalls.longest()).as(stalls.toString()).isLessThanOrEqualTo(MAX_STALL.plusMillis(500));
			assertThat(stalls.episodes()).as(stalls.toString()).hasSizeLessThanOrEqualTo(2);
		}
	}

	@Test
	void statementThatWorksIsNotCancelledHoweverManyWaitForIt(TestDatabase database) throws Exception {
		createTables(database);
		Migrations migrations = MigrationTool.FLYWAY.unit("total", "alter table shop.orders add column total int",
				"select pg_sleep(1.5)");
		try (ReadLoad readers = ReadLoad.start(database, "shop.orders", 8, 80);
				ReadLoad control = ReadLoad.start(database, "shop.control", 4, 40);
				StartingService service = StartingService.start(database, migrations, this.directory)) {
			service.await("readers behind the migration", ReaderStallTests::isQueuedBehind);
			assertThat(service.awaitStarted().ddl().attempts()).isEmpty();
			Stalls stalls = Stalls.of(readers.stop(), control.stop());
			assertThat(stalls.longest()).as(stalls.toString()).isGreaterThan(MAX_STALL.multipliedBy(2));
		}
	}

	private static boolean isQueuedBehind(MigrationStatus status) {
		SessionSample sample = status.ddl().sample();
		return sample != null && sample.queuedBehind().count() > 0;
	}

	private static void awaitReads(ReadLoad load, int more) {
		int before = load.count();
		Awaiting.await(more + " reads").until(() -> load.count() >= before + more);
	}

	private static void createTables(TestDatabase database) {
		database.client().sql("create schema shop").update();
		for (String table : List.of("orders", "customers", "control")) {
			database.client()
				.sql("create table shop.%s as select id from generate_series(1, 100) id".formatted(table))
				.update();
		}
	}

	private StartingService blocked(TestDatabase database, Migrations migrations, OtherSession blocker) {
		blocker.limitIdleInTransaction(BLOCKED).begin("select count(*) from shop.orders");
		return StartingService.start(database, migrations, this.directory);
	}

	private static Instant awaitFirstWait(TestDatabase database, StartingService service) {
		List<OffsetDateTime> waits = new ArrayList<>();
		service.await("a migration that waits", (status) -> waits.addAll(waits(database)));
		return waits.get(0).toInstant();
	}

	private static List<OffsetDateTime> waits(TestDatabase database) {
		return database.superuser()
			.sql("""
					select coalesce(waitstart, clock_timestamp()) from pg_locks where not granted
					and relation = 'shop.orders'::regclass and mode = 'AccessExclusiveLock'""")
			.query(OffsetDateTime.class)
			.list();
	}

	/**
	 * Return when the server ended the session, by its own account.
	 */
	private static Instant endOf(TestDatabase database, OtherSession session) {
		return database.statementLog()
			.entries()
			.stream()
			.filter((entry) -> entry.pid() == session.pid() && entry.message().contains("idle-in-transaction timeout"))
			.map(Entry::at)
			.findFirst()
			.orElseThrow();
	}

}
