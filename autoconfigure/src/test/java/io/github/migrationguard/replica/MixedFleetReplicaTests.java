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

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for fleets in which only some replicas have Migration Guard. The stock ones poll
 * the changelog lock every second instead of every ten, to save time.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class MixedFleetReplicaTests {

	private static final Changelog DEPLOYED = Changelog.ofTables(1);

	private static final Changelog CHANGELOG = DEPLOYED.changeSet("second", "create table second (id int)")
		.gate("middle")
		.changeSet("last", "create table last (id int)");

	@Test
	void stockAndGuardedReplicasStartedTogetherExcludeEachOther(TestDatabase database, Replicas replicas) {
		Ledger ledger = deploy(database, replicas);
		Changelog changelog = CHANGELOG.changeSet("slow", "create table slow (id int); select pg_sleep(1)");
		Fleet guarded = replicas.guarded(changelog).start(2);
		Fleet stock = stock(replicas, changelog).start(2);
		guarded.awaitReady();
		stock.awaitReady();
		ledger.assertAppliedExactlyOnce(changelog);
	}

	@Test
	void stockReplicaWaitsForGuardedReplica(TestDatabase database, Replicas replicas) {
		Ledger ledger = deploy(database, replicas);
		Gate gate = ledger.close("middle");
		Replica guarded = replicas.guarded(CHANGELOG).start();
		int runner = gate.awaitArrival();
		Replica stock = stock(replicas, CHANGELOG).start().awaitLog("Waiting for changelog lock");
		gate.open();
		guarded.awaitReady();
		stock.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThat(ledger.runners()).hasSize(2).contains(runner);
	}

	@Test
	void guardedReplicasWaitForStockReplica(TestDatabase database, Replicas replicas) {
		Ledger ledger = deploy(database, replicas);
		Gate gate = ledger.close("middle");
		Replica stock = stock(replicas, CHANGELOG).start();
		int runner = gate.awaitArrival();
		Fleet guarded = replicas.guarded(CHANGELOG).start(2);
		Awaiting.await("guarded replicas wait")
			.until(() -> guarded.stream().map(Replica::state).sorted().toList(),
					List.of("WAITING", "WAITING_FOR_CHANGELOG_LOCK")::equals);
		assertThat(guarded).extracting(Replica::liveness).containsOnly(200);
		gate.open();
		stock.awaitReady();
		guarded.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThat(ledger.runners()).hasSize(2).contains(runner);
	}

	@Test
	void rowLeftByKilledStockReplicaIsWaitedForShownAndExplained(TestDatabase database, Replicas replicas) {
		Ledger ledger = deploy(database, replicas);
		Gate gate = ledger.close("middle");
		Replica stock = stock(replicas, CHANGELOG).start();
		int runner = gate.awaitArrival();
		stock.kill9();
		database.superuser().sql("select pg_terminate_backend(?)").param(runner).query(Boolean.class).single();
		gate.open();
		Replica guarded = replicas.guarded(CHANGELOG).start().awaitState("WAITING_FOR_CHANGELOG_LOCK");
		assertThat(guarded.liveness()).isEqualTo(200);
		assertThat(guarded.readiness()).isEqualTo(503);
		String lockedBy = database.client()
			.sql("select lockedby from databasechangeloglock")
			.query(String.class)
			.single();
		Awaiting.await("endpoint that names the owner of the row")
			.until(() -> guarded.migration().toString().contains(lockedBy));
		guarded.awaitLog(lockedBy);
		database.client().sql(releaseNamedIn(guarded)).update();
		guarded.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
	}

	private static String releaseNamedIn(Replica replica) {
		Pattern release = Pattern.compile("update \\S*databasechangeloglock\\S* set .* where id = 1");
		Awaiting.await("SQL that releases the lock").until(() -> release.matcher(replica.log()).find());
		Matcher matcher = release.matcher(replica.log());
		matcher.find();
		return matcher.group();
	}

	private static Ledger deploy(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Replica replica = replicas.stock(DEPLOYED).start().awaitReady();
		replica.kill9();
		replica.awaitExit();
		return ledger;
	}

	private static ReplicaBuilder stock(Replicas replicas, Changelog changelog) {
		return replicas.stock(changelog).jvmOption("-Dliquibase.changelogLockPollRate=1");
	}

}
