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

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for migrations that fail, and for waiters that give up.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class FailureReplicaTests {

	private static final Changelog BROKEN = Changelog.ofTables(1)
		.changeSet("broken", "create table broken (id int); insert into broken select 1 / 0")
		.changeSet("never", "create table never (id int)");

	@Test
	void failingChangeSetIsReportedByEveryReplica(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Fleet fleet = replicas.guarded(BROKEN).start(2);
		assertThat(fleet).allSatisfy((replica) -> {
			assertThat(replica.awaitExit()).isPositive().isNotEqualTo(143);
			assertThat(analysis(replica)).contains(BROKEN.identifiers().get(1), "22012", "division by zero");
			assertThat(replica.markers()).isEmpty();
		});
		assertThat(ledger.recorded()).isEqualTo(BROKEN.identifiers().subList(0, 1));
		assertNothingIsLeft(database);
	}

	@Test
	void replicaStaysUpAfterFailureWhenAsked(TestDatabase database, Replicas replicas) {
		Replica replica = replicas.guarded(BROKEN)
			.property("migration-guard.on-failure", "stay-up")
			.start()
			.awaitState("FAILED");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		assertThat(replica.hello().statusCode()).isEqualTo(503);
		JsonNode error = replica.migration().path("error");
		assertThat(error.path("sqlState").asString("")).isEqualTo("22012");
		assertThat(error.path("unit").asString("")).isEqualTo(BROKEN.identifiers().get(1));
		assertThat(error.path("message").asString("")).contains("division by zero");
		assertThat(replica.markers()).isEmpty();
		assertThat(database.advisoryLocks()).isEmpty();
		replica.sigterm();
		assertThat(replica.awaitExit()).isEqualTo(143);
		assertNothingIsLeft(database);
	}

	@Test
	void waiterGivesUpOnHolderThatDoesNothingAndNamesIt(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("frozen");
		Changelog changelog = Changelog.ofTables(1).gate("frozen").changeSet("last", "create table last (id int)");
		Replica holder = replicas.guarded(changelog).start();
		int runner = gate.awaitArrival();
		Replica waiter = replicas.guarded(changelog)
			.property("migration-guard.lock.wait-timeout", "3s")
			.start()
			.awaitState("WAITING");
		holder.sigstop();
		gate.open();
		assertThat(waiter.awaitExit()).isPositive().isNotEqualTo(143);
		assertThat(analysis(waiter)).contains(Integer.toString(runner), holder.name());
		holder.sigcont();
		holder.awaitReady();
		ledger.assertAppliedExactlyOnce(changelog);
	}

	@Test
	void waiterDoesNotGiveUpOnHolderThatWorks(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Changelog changelog = Changelog.ofTables(1).changeSet("long", "create table long (id int); select pg_sleep(6)");
		Fleet fleet = replicas.guarded(changelog).property("migration-guard.lock.wait-timeout", "2s").start(2);
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(changelog);
	}

	private static String analysis(Replica replica) {
		String log = replica.log();
		assertThat(log).contains("APPLICATION FAILED TO START");
		return log.substring(log.indexOf("APPLICATION FAILED TO START"));
	}

	private static void assertNothingIsLeft(TestDatabase database) {
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
		assertThat(database.advisoryLocks()).isEmpty();
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
		assertThat(database.client()
			.sql("select tablename from pg_tables where tablename in ('broken', 'never')")
			.query(String.class)
			.list()).isEmpty();
	}

}
