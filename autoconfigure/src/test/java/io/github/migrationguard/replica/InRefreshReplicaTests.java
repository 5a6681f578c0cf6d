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

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for migrations that run while beans are created, when only the early probe
 * answers.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class InRefreshReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(3)
		.gate("middle")
		.changeSet("index", "runInTransaction:false", "create index concurrently on table_1 (id)");

	private static final FlywayScripts SCRIPTS = FlywayScripts.ofTables(3)
		.gate("middle")
		.nonTransactional("index", "create index concurrently on table_1 (id)");

	static List<Named<Migrations>> tools() {
		return List.of(Named.of("liquibase", CHANGELOG), Named.of("flyway", SCRIPTS));
	}

	@ParameterizedTest
	@MethodSource("tools")
	void everyUnitIsAppliedExactlyOnceWhileProbesAreAnswered(Migrations migrations, TestDatabase database,
			Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Fleet fleet = inRefresh(replicas, migrations).start(3).awaitOneMigratingOthersWaiting();
		gate.awaitArrival();
		assertThat(fleet).allSatisfy((replica) -> {
			assertThat(replica.liveness()).isEqualTo(200);
			assertThat(replica.readiness()).isEqualTo(503);
			assertThat(replica.hello().statusCode()).isEqualTo(503);
			assertThat(replica.migrations().propertyNames()).containsExactlyInAnyOrder("state", "instance");
			assertThat(replica.log()).doesNotContain("Tomcat started");
		});
		gate.open();
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(migrations);
		assertThat(ledger.runners()).hasSize(1);
		assertThat(fleet).allSatisfy((replica) -> {
			assertThat(replica.guardThreads()).isEmpty();
			assertThat(replica.awaitStarted().markers().values()).containsOnly("5");
			assertThat(replica.migrations().path("startup").path("mode").asString("")).isEqualTo("in-refresh");
		});
	}

	@Test
	void probesAreAnsweredOnTheManagementPort(TestDatabase database, Replicas replicas) {
		Gate gate = Ledger.install(database).close("middle");
		Replica replica = inRefresh(replicas, CHANGELOG).separateManagementPort().start();
		gate.awaitArrival();
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		gate.open();
		replica.awaitReady();
		assertThat(replica.hello().statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@MethodSource("tools")
	void anotherReplicaTakesOverAfterKill9(Migrations migrations, TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Fleet fleet = inRefresh(replicas, migrations).start(2).awaitOneMigratingOthersWaiting();
		gate.awaitArrival();
		Replica waiting = fleet.waiting().get(0);
		fleet.migrating().kill9();
		waiting.awaitState("MIGRATING");
		gate.open();
		waiting.awaitReady();
		assertThat(ledger.recorded()).containsExactlyElementsOf(migrations.identifiers());
	}

	@Test
	void failureEndsTheReplicaWithExitCode(TestDatabase database, Replicas replicas) {
		Replica replica = replicas.guarded(Changelog.empty().changeSet("broken", "select 1 / 0"))
			.property("migration-guard.startup.mode", "in-refresh")
			.start();
		assertThat(replica.awaitExit()).isEqualTo(1);
		assertThat(replica.log()).contains("APPLICATION FAILED TO START", "changelog.sql::broken::test")
			.doesNotContain("Unable to close ApplicationContext");
	}

	@Test
	void replicaStaysUpAfterFailureWhenAsked(TestDatabase database, Replicas replicas) {
		Replica replica = replicas.guarded(Changelog.empty().changeSet("broken", "select 1 / 0"))
			.property("migration-guard.startup.mode", "in-refresh")
			.property("migration-guard.on-failure", "stay-up")
			.start()
			.awaitState("FAILED");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		assertThat(replica.markers()).isEmpty();
		assertThat(database.advisoryLocks()).isEmpty();
		replica.sigterm();
		assertThat(replica.awaitExit()).isEqualTo(143);
	}

	private static ReplicaBuilder inRefresh(Replicas replicas, Migrations migrations) {
		return replicas.guarded(migrations).property("migration-guard.startup.mode", "in-refresh");
	}

}
