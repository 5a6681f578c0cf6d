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
import java.time.Instant;
import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for replicas that are killed or frozen while they migrate or wait.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class CrashReplicaTests {

	private static final Log logger = LogFactory.getLog(CrashReplicaTests.class);

	private static final Changelog CHANGELOG = Changelog.ofTables(3);

	static List<Named<Migrations>> killBetweenStatementsAndRecordLeavesNeitherAndNextReplicaFinishes() {
		return List.of(Named.of("liquibase", CHANGELOG), Named.of("flyway", FlywayScripts.ofTables(3)));
	}

	@ParameterizedTest
	@MethodSource
	void killBetweenStatementsAndRecordLeavesNeitherAndNextReplicaFinishes(Migrations migrations, TestDatabase database,
			Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.closeBeforeRecordOf(migrations.identifiers().get(1));
		Fleet fleet = replicas.guarded(migrations).start(2);
		fleet.awaitOneMigratingOthersWaiting();
		int runner = gate.awaitArrival();
		Replica heir = fleet.waiting().get(0);
		fleet.migrating().kill9();
		Instant killed = Instant.now();
		int next = Awaiting.await("next runner").until(gate::awaitArrival, (pid) -> pid != runner);
		logger.info("From kill -9 to the next replica at the same place: " + Duration.between(killed, Instant.now()));
		assertThat(next).isNotEqualTo(runner);
		assertThat(tables(database)).containsExactly("table_1");
		assertThat(ledger.recorded()).isEqualTo(migrations.identifiers().subList(0, 1));
		gate.open();
		heir.awaitReady();
		ledger.assertAppliedExactlyOnce(migrations);
		ledger.assertRecordedInTransactionOfStatements();
	}

	@Test
	void rowLeftByKilledReplicaIsTakenOverAtOnce(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.closeBeforeRecordOf(CHANGELOG.identifiers().get(1));
		Replica killed = replicas.guarded(CHANGELOG).start();
		gate.awaitArrival();
		killed.kill9();
		killed.awaitExit();
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isTrue();
		gate.open();
		replicas.guarded(CHANGELOG).start().awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
	}

	@Test
	void killedAndFrozenWaitersDoNotHoldUpTheOthers(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.closeBeforeRecordOf(CHANGELOG.identifiers().get(1));
		Fleet fleet = replicas.guarded(CHANGELOG).start(3);
		fleet.awaitOneMigratingOthersWaiting();
		gate.awaitArrival();
		Replica migrating = fleet.migrating();
		List<Replica> waiting = fleet.waiting();
		waiting.get(0).kill9();
		Awaiting.await("one waiter left").until(() -> migrating.migration().path("lock").path("waiters").size() == 1);
		waiting.get(1).sigstop();
		gate.open();
		migrating.awaitReady();
		waiting.get(1).sigcont();
		waiting.get(1).awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
	}

	private static List<String> tables(TestDatabase database) {
		return database.client()
			.sql("select tablename from pg_tables where tablename like 'table%'")
			.query(String.class)
			.list();
	}

}
