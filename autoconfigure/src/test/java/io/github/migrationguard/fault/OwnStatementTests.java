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

package io.github.migrationguard.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.HostedReplica;
import io.github.migrationguard.testsupport.HostedReplica.Phase;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.ReplicaHosts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for migrations that reset, drop or change what their session has.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class OwnStatementTests {

	/**
	 * Longer than a waiter waits before it tries to get the lock again.
	 */
	private static final Duration TRIES = Duration.ofMillis(2500);

	private static ReplicaHosts hosts;

	@BeforeAll
	static void start() {
		hosts = new ReplicaHosts(OwnStatementTests.class);
	}

	@AfterAll
	static void stop() {
		hosts.close();
	}

	@ParameterizedTest
	@EnumSource
	void reliabilityPageSaysWhatBecomesOf(OwnStatement statement) throws IOException {
		assertThat(Files.readAllLines(ReliabilityTable.DOCUMENT)).contains(statement.documented());
	}

	@ParameterizedTest
	@EnumSource
	void unitIsAppliedOnceAndNobodyElseMigratesMeanwhile(MigrationTool tool) {
		CompletableFuture<?>[] runs = Stream.of(OwnStatement.values())
			.map((statement) -> CompletableFuture.runAsync(() -> run(statement, tool),
					(task) -> new Thread(task, statement.name()).start()))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(runs).join();
	}

	private void run(OwnStatement statement, MigrationTool tool) {
		TestDatabase database = TestDatabase.create();
		try {
			run(statement.migrations(tool), database, "%s, %s".formatted(statement, tool));
		}
		finally {
			database.drop();
		}
	}

	private void run(Migrations migrations, TestDatabase database, String what) {
		createOtherRole(database);
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("held");
		HostedReplica migrating = hosts.guarded(database, migrations).start();
		int holder = gate.awaitArrival();
		HostedReplica waiting = hosts.guarded(database, migrations).start();
		waiting.awaitLog("waits for the lock");
		Awaiting.await("several tries").pollDelay(TRIES).until(() -> true);
		assertThat(holders(database)).as(what).containsExactly(holder);
		gate.open();
		for (HostedReplica replica : List.of(migrating, waiting)) {
			assertThat(replica.awaitEnd()).as("%s: %s", what, replica.failure()).isEqualTo(Phase.READY);
			assertThat(replica.unitsWhenReady()).as(what).hasValue(migrations.identifiers().size());
			replica.close();
		}
		assertThat(ledger.recorded()).as(what).containsExactlyElementsOf(migrations.identifiers());
		ledger.assertNoOverlapOfUnits();
		assertThat(database.superuser()
			.sql("select relname from pg_class where relname in ('first', 'odd', 'after_it', 'last')")
			.query(String.class)
			.list()).as(what).hasSize(4);
		Awaiting.await("no lock left, " + what).until(() -> database.advisoryLocks().isEmpty());
	}

	/**
	 * All databases of the server share their roles.
	 */
	private static void createOtherRole(TestDatabase database) {
		synchronized (OwnStatementTests.class) {
			database.superuser().sql("""
					do $$ begin
					  if not exists (select from pg_roles where rolname = 'other') then
					    create role other;
					  end if;
					end $$""").update();
		}
		database.superuser().sql("grant other to " + database.username()).update();
	}

	private static List<Integer> holders(TestDatabase database) {
		return database.superuser()
			.sql("""
					select pid from pg_locks where locktype = 'advisory' and granted and mode = 'ExclusiveLock'
					  and classid::bigint = ? and database = (select oid from pg_database where datname = current_database())
					""")
			.param((long) LockKey.NAMESPACE)
			.query(Integer.class)
			.list();
	}

}
