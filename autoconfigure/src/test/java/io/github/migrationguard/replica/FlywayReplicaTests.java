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

package io.github.migrationguard.replica;

import java.time.Duration;
import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is different with Flyway: replicas without Migration Guard hold its lock
 * for one migration, in a transaction, and a callback of the user makes every replica
 * run.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class FlywayReplicaTests {

	private static final FlywayScripts SCRIPTS = FlywayScripts.ofTables(1)
		.gate("middle")
		.versioned("slow", "create table slow (id int); select pg_sleep(1)")
		.versioned("last", "create table last (id int)");

	@Test
	void guardedReplicasWaitForStockReplica(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Replica stock = replicas.stock(SCRIPTS).start();
		gate.awaitArrival();
		Fleet guarded = replicas.guarded(SCRIPTS).start(2);
		Awaiting.await("guarded replicas wait")
			.until(() -> guarded.stream().map(Replica::state).sorted().toList(),
					List.of("WAITING", "WAITING_FOR_CHANGELOG_LOCK")::equals);
		assertThat(guarded).extracting(Replica::liveness).containsOnly(200);
		assertThat(guarded).extracting(Replica::readiness).containsOnly(503);
		Replica waiting = guarded.stream()
			.filter((replica) -> replica.state().equals("WAITING_FOR_CHANGELOG_LOCK"))
			.findFirst()
			.orElseThrow();
		waiting.awaitLog("waits for public.flyway_schema_history, locked by 'PostgreSQL JDBC Driver (pid ");
		assertThat(waiting.log()).contains("select pg_terminate_backend(");
		gate.open();
		stock.awaitReady();
		guarded.awaitReady();
		assertThat(ledger.recorded()).isEqualTo(SCRIPTS.identifiers());
	}

	@Test
	void stockAndGuardedReplicasStartedTogetherExcludeEachOther(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Fleet guarded = replicas.guarded(SCRIPTS).start(2);
		Fleet stock = replicas.stock(SCRIPTS).start(2);
		guarded.awaitReady();
		stock.awaitReady();
		assertThat(ledger.recorded()).isEqualTo(SCRIPTS.identifiers());
	}

	@Test
	void callbackIsRunByEveryReplicaInTurn(TestDatabase database, Replicas replicas) {
		FlywayScripts scripts = FlywayScripts.ofTables(2)
			.script("afterMigrate.sql", "create table if not exists runs (id int); insert into runs values (1)");
		Ledger ledger = Ledger.install(database);
		Fleet fleet = replicas.guarded(scripts).start(3);
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(scripts);
		assertThat(database.client().sql("select count(*) from runs").query(Integer.class).single()).isEqualTo(3);
	}

	@Test
	void sigtermLetsMigrationFinishWithinGraceAndCancelsItThereafter(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Replica cancelled = replicas.guarded(SCRIPTS).property("migration-guard.shutdown.grace", "1s").start();
		gate.awaitArrival();
		cancelled.sigterm();
		assertThat(cancelled.awaitExit()).isEqualTo(143);
		Awaiting.await("no session").atMost(Duration.ofSeconds(10)).until(database::sessions, List::isEmpty);
		assertThat(ledger.recorded()).containsExactly("V1__table_1.sql");
		assertThat(database.advisoryLocks()).isEmpty();
		Replica finishing = replicas.guarded(SCRIPTS).start();
		gate.awaitArrival();
		finishing.sigterm();
		gate.open();
		assertThat(finishing.awaitExit()).isEqualTo(143);
		ledger.assertAppliedExactlyOnce(SCRIPTS);
		assertThat(finishing.markers()).isEmpty();
	}

}
