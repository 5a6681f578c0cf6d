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
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for fleets of several versions of a service, of which each continues the
 * migrations of the one before.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class RollingFleetReplicaTests {

	private static final String INDEX = "create index concurrently table_1_id on table_1 (id)";

	private static final Changelog CHANGELOG = Changelog.ofTables(2);

	private static final Changelog NEWER_CHANGELOG = CHANGELOG.gate("middle").changeSet("last", "select 1");

	private static final FlywayScripts SCRIPTS = FlywayScripts.ofTables(2);

	private static final FlywayScripts NEWER_SCRIPTS = SCRIPTS.gate("middle").versioned("last", "select 1");

	static Stream<Arguments> oldAndNewVersionsRollInBothDirections() {
		return Stream.of(
				Arguments.of(Named.of("liquibase", CHANGELOG), NEWER_CHANGELOG,
						NEWER_CHANGELOG.changeSet("index", "runInTransaction:false", INDEX)),
				Arguments.of(Named.of("flyway", SCRIPTS), NEWER_SCRIPTS,
						NEWER_SCRIPTS.nonTransactional("index", INDEX)));
	}

	@ParameterizedTest
	@MethodSource
	void oldAndNewVersionsRollInBothDirections(Migrations older, Migrations newer, Migrations newest,
			TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Replica old = replicas.guarded(older).start().awaitReady();
		assertThat(old.state()).isEqualTo("COMPLETED");
		rollForward(older, newer, old, ledger, replicas);
		rollBack(older, newer, newest, database, replicas);
		ledger.assertAppliedExactlyOnce(newest);
		assertServes(old);
		assertThat(database.client()
			.sql("select indisvalid from pg_index where indexrelid = 'table_1_id'::regclass")
			.query(Boolean.class)
			.single()).isTrue();
		Awaiting.await("no lock").until(database::advisoryLocks, List::isEmpty);
	}

	/**
	 * An old replica serves, and another one starts, while newer ones migrate and wait.
	 */
	private static void rollForward(Migrations older, Migrations newer, Replica old, Ledger ledger, Replicas replicas) {
		Gate gate = ledger.close("middle");
		Fleet fleet = replicas.guarded(newer).start(2).awaitOneMigratingOthersWaiting();
		gate.awaitArrival();
		Replica late = replicas.guarded(older).start().awaitReady().awaitStarted();
		assertUpToDate(late);
		assertThat(late.log()).doesNotContain("waits for the lock", "does not know");
		fleet.awaitOneMigratingOthersWaiting();
		assertServes(old);
		gate.open();
		fleet.awaitReady();
		assertServes(old);
		assertServes(late);
		late.sigterm();
		fleet.forEach(Replica::sigterm);
		assertThat(ledger.recorded()).isEqualTo(newer.identifiers());
		assertThat(ledger.runners()).hasSize(2);
	}

	/**
	 * Older replicas start again while one of the newest version builds an index for as
	 * long as a session lets it.
	 */
	private static void rollBack(Migrations older, Migrations newer, Migrations newest, TestDatabase database,
			Replicas replicas) {
		try (OtherSession session = OtherSession.open(database, "report").begin("insert into table_1 values (1)")) {
			Replica building = replicas.guarded(newest).start();
			Awaiting.await("build").until(() -> isBuilding(database));
			Replica back = replicas.guarded(older).start();
			Replica same = replicas.guarded(newer).start();
			assertUpToDate(back.awaitReady());
			assertUpToDate(same.awaitReady());
			assertThat(isBuilding(database)).isTrue();
			assertThat(building.state()).isEqualTo("MIGRATING");
			assertThat(back.log()).doesNotContain("waits for the lock")
				.contains("holds 2 units that this version does not know", "A newer version has migrated the database");
			assertThat(same.log()).doesNotContain("waits for the lock", "does not know");
			assertThat(back.migration().path("unknownUnits").valueStream()).extracting((unit) -> unit.asString(""))
				.containsExactlyElementsOf(newer.identifiers().subList(2, 4));
			session.commit();
			building.awaitReady();
		}
	}

	private static boolean isBuilding(TestDatabase database) {
		return database.sessions()
			.stream()
			.anyMatch((session) -> session.state().equals("active") && session.query().contains(INDEX));
	}

	private static void assertUpToDate(Replica replica) {
		assertThat(replica.state()).isEqualTo("UP_TO_DATE");
		assertServes(replica);
	}

	private static void assertServes(Replica replica) {
		assertThat(replica.readiness()).isEqualTo(200);
		assertThat(replica.hello().statusCode()).isEqualTo(200);
	}

}
