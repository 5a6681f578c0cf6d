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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.MigrationState;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.StartingService;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for ending the sessions that are in the way, and no other.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BlockerPolicyTests {

	private static final String TERMINATE = "migration-guard.blockers.policy=terminate";

	private static final String UPDATE_ORDER = "update shop.orders set note = 'x' where id = %d";

	private final List<OtherSession> sessions = new ArrayList<>();

	@TempDir
	private Path directory;

	@AfterEach
	void closeSessions(TestDatabase database) {
		this.sessions.forEach(OtherSession::close);
		database.superuser()
			.sql("select gid from pg_prepared_xacts where database = current_database()")
			.query(String.class)
			.list()
			.forEach((gid) -> rollbackPrepared(database, gid));
	}

	private static void rollbackPrepared(TestDatabase database, String gid) {
		database.superuser().sql("rollback prepared '%s'".formatted(gid)).update();
	}

	/**
	 * Building an index conflicts with those who write to the table, and not with those
	 * who read from it.
	 */
	@Test
	void endsIdleTransactionThatIsInTheWayAndNothingElse(TestDatabase database) {
		createTables(database);
		OtherSession idle = open(database, "idle");
		OtherSession reader = open(database, "reader").begin("select count(*) from shop.orders");
		OtherSession elsewhere = open(database, "elsewhere").begin("update shop.customers set note = 'x' where id = 1");
		OtherSession blockedElsewhere = open(database, "blocked-elsewhere");
		blockedElsewhere.executeInBackground("update shop.customers set note = 'y' where id = 1");
		OtherSession longQueryElsewhere = open(database, "long-query-elsewhere").begin("select 1");
		longQueryElsewhere.executeInBackground("select count(*), pg_sleep(300) from shop.customers");
		OtherSession longReader = open(database, "long-reader");
		longReader.executeInBackground("select count(*), pg_sleep(300) from shop.orders");
		OtherSession backup = open(database, "pg_dump")
			.begin("lock table shop.orders, shop.customers in access share mode");
		OtherSession longWriter = open(database, "long-writer").begin(UPDATE_ORDER.formatted(2));
		longWriter.executeInBackground("select pg_sleep(300)");
		prepareTransaction(database);
		OtherSession culprit = open(database, "culprit").begin(UPDATE_ORDER.formatted(4));
		List<OtherSession> others = List.of(idle, reader, elsewhere, blockedElsewhere, longQueryElsewhere, longReader,
				backup, longWriter);
		try (StartingService service = StartingService.start(database,
				MigrationTool.LIQUIBASE.unit("index", "create index orders_note on shop.orders (note)"), this.directory,
				TERMINATE, "migration-guard.blockers.patience=2s")) {
			assertThat(service.awaitBlockers(3)).extracting(Blocker::pid, Blocker::kind)
				.containsExactlyInAnyOrder(tuple(culprit.pid(), BlockerKind.IDLE_IN_TRANSACTION),
						tuple(longWriter.pid(), BlockerKind.LONG_TRANSACTION),
						tuple(null, BlockerKind.PREPARED_TRANSACTION));
			Awaiting.await("the end of the culprit").until(() -> !culprit.isAlive());
			service.awaitBlockers(2);
			awaitNextSample(service);
			assertThat(others).allMatch(OtherSession::isAlive);
			longWriter.close();
			rollbackPrepared(database, database.name());
			assertThat(service.awaitStarted().state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(others).filteredOn((other) -> other != longWriter).allMatch(OtherSession::isAlive);
			assertThat(ended(database)).containsExactlyInAnyOrder(culprit.pid(), longWriter.pid());
		}
	}

	private void prepareTransaction(TestDatabase database) {
		open(database, "prepared").begin(UPDATE_ORDER.formatted(3))
			.execute("prepare transaction '%s'".formatted(database.name()));
	}

	@Test
	@Tag("security:S46")
	void leavesBackupAlone(TestDatabase database) {
		createTables(database);
		OtherSession backup = open(database, "pg_dump")
			.begin("lock table shop.orders, shop.customers in access share mode");
		OtherSession culprit = open(database, "culprit").begin("select count(*) from shop.orders");
		try (StartingService service = StartingService.start(database,
				MigrationTool.FLYWAY.unit("total", "alter table shop.orders add column total int"), this.directory,
				TERMINATE, "migration-guard.blockers.patience=500ms", "migration-guard.ddl.lock-timeout=600ms")) {
			Awaiting.await("the end of the culprit").until(() -> !culprit.isAlive());
			service.awaitBlockers(1);
			awaitNextSample(service);
			assertThat(service.awaitBlockers(1)).extracting(Blocker::pid, Blocker::kind)
				.containsExactly(tuple(backup.pid(), BlockerKind.BACKUP));
			assertThat(backup.isAlive()).isTrue();
			backup.commit();
			assertThat(service.awaitStarted().state()).isEqualTo(MigrationState.COMPLETED);
		}
		assertThat(ended(database)).containsExactly(culprit.pid());
	}

	@Test
	@Tag("security:S9")
	void observesByDefault(TestDatabase database) {
		createTables(database);
		OtherSession culprit = open(database, "culprit").begin("select count(*) from shop.orders");
		try (StartingService service = StartingService.start(database,
				MigrationTool.FLYWAY.unit("total", "alter table shop.orders add column total int"), this.directory,
				"migration-guard.blockers.patience=0s", "migration-guard.ddl.lock-timeout=600ms")) {
			service.awaitAttempts(1);
			service.await(MigrationState.BACKING_OFF);
			culprit.commit();
			assertThat(service.awaitStarted().state()).isEqualTo(MigrationState.COMPLETED);
		}
		assertThat(ended(database)).isEmpty();
	}

	private static void createTables(TestDatabase database) {
		database.client().sql("create schema shop").update();
		for (String table : List.of("orders", "customers")) {
			database.client()
				.sql("create table shop.%s as select id, 'new' as note from generate_series(1, 10) id".formatted(table))
				.update();
		}
	}

	private OtherSession open(TestDatabase database, String applicationName) {
		OtherSession session = OtherSession.open(database, applicationName);
		this.sessions.add(session);
		return session;
	}

	/**
	 * Whoever is to be ended is ended as soon as it is seen for long enough.
	 */
	private static void awaitNextSample(StartingService service) {
		Instant now = Instant.now();
		service.await("sample",
				(status) -> status.ddl().sample() != null && status.ddl().sample().sampledAt().isAfter(now));
	}

	/**
	 * Return the sessions that were ended by somebody, as the server logged it.
	 */
	private static List<Integer> ended(TestDatabase database) {
		return database.statementLog()
			.entries()
			.stream()
			.filter((entry) -> entry.message().contains("due to administrator command"))
			.map((entry) -> entry.pid())
			.toList();
	}

}
