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

package io.github.migrationguard.testsupport;

import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.github.migrationguard.testsupport.Ledger.Gate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Replicas}, {@link Ledger} and {@link StatementLog} on a stock service:
 * they must see what stock Liquibase does wrong.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ReplicasTests {

	@Test
	void stockReplicaMigratesAndServes(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Changelog changelog = Changelog.ofTables(3);
		Replica replica = replicas.stock(changelog).jvmOption("-Xlog:class+load").start().awaitReady();
		assertThat(replica.log()).contains("liquibase.Liquibase source: shared objects file");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.hello()).extracting(HttpResponse::statusCode, HttpResponse::body)
			.containsExactly(200, "Hello");
		assertThat(replica.markers()).isEqualTo(Map.of("lifecycle", "3", "scheduler", "3", "runner", "3"));
		ledger.assertAppliedExactlyOnce(changelog);
		assertThat(database.statementLog().statements()).extracting((entry) -> entry.sql())
			.contains("create table table_1 (id int)");
		assertThat(database.statementLog().entries().stream().filter(StatementLog.Entry::isConnection)).isNotEmpty();
		replica.sigterm();
		assertThat(replica.awaitExit()).isEqualTo(143);
	}

	@Test
	void stockReplicaServesWithWebFluxAndManagementPort(Replicas replicas) {
		Replica replica = replicas.stock(Changelog.ofTables(1)).webflux().separateManagementPort().start().awaitReady();
		assertThat(replica.hello().statusCode()).isEqualTo(200);
		assertThat(replica.log()).contains("Netty started").doesNotContain("Tomcat");
	}

	@Test
	void ledgerShowsThatStockLiquibaseRecordsInAnotherTransaction(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		replicas.stock(Changelog.ofTables(1)).start().awaitReady();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(ledger::assertRecordedInTransactionOfStatements);
	}

	@Test
	void gateStopsMigrationUntilOpened(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Changelog changelog = Changelog.ofTables(1).gate("middle").changeSet("last", "create table last (id int)");
		Replica replica = replicas.stock(changelog).start();
		int pid = gate.awaitArrival();
		assertThat(database.sessions()).extracting(TestDatabase.Session::pid).contains(pid);
		assertThat(ledger.recorded()).isEqualTo(changelog.identifiers().subList(0, 1));
		gate.open();
		replica.awaitReady();
		assertThat(ledger.runners()).containsExactly(pid);
	}

	@Test
	void replicaKilledBeforeRecordLeavesDdlOfStockLiquibaseUnrecorded(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Changelog changelog = Changelog.ofTables(2);
		Gate gate = ledger.closeBeforeRecordOf(changelog.identifiers().get(1));
		Replica replica = replicas.stock(changelog).start();
		int pid = gate.awaitArrival();
		replica.kill9();
		assertThat(replica.awaitExit()).isEqualTo(137);
		database.superuser().sql("select pg_terminate_backend(?)").param(pid).query(Boolean.class).single();
		assertThat(database.client().sql("select count(*) from table_2").query(Integer.class).single()).isZero();
		assertThat(ledger.recorded()).isEqualTo(changelog.identifiers().subList(0, 1));
	}

	@Test
	void ledgerRefusesSecondRunner(TestDatabase database) throws Exception {
		Ledger.install(database);
		try (var first = database.connect(); var second = database.connect()) {
			first.setAutoCommit(false);
			first.createStatement().execute("create table first (id int)");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> second.createStatement().execute("create table second (id int)"))
				.withMessageContaining("two sessions execute migration statements at the same moment");
			first.commit();
			second.createStatement().execute("create table second (id int)");
		}
	}

	@Test
	void ledgerLetsIndexBeBuiltConcurrently(TestDatabase database) throws Exception {
		Ledger.install(database);
		try (var connection = database.connect()) {
			connection.createStatement().execute("create table orders (id int)");
			connection.createStatement().execute("create index concurrently orders_id on orders (id)");
		}
		assertThat(database.client()
			.sql("select indisvalid from pg_index where indexrelid = 'orders_id'::regclass")
			.query(Boolean.class)
			.single()).isTrue();
	}

	@Test
	void frozenReplicaAnswersWhenContinued(Replicas replicas) {
		Replica replica = replicas.stock(Changelog.ofTables(1)).start().awaitReady();
		replica.sigstop();
		assertThat(replica.answers(Duration.ofMillis(200))).isFalse();
		replica.sigcont();
		assertThat(replica.awaitReady().hello().statusCode()).isEqualTo(200);
	}

}
