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

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what four replicas answer while one of them migrates, and for what is left
 * when it has finished.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
@TestMethodOrder(OrderAnnotation.class)
class WaitingReplicaTests {

	private static final Log logger = LogFactory.getLog(WaitingReplicaTests.class);

	private static final Changelog CHANGELOG = Changelog.ofTables(3)
		.gate("middle")
		.changeSet("last", "create table last (id int)");

	private static Ledger ledger;

	private static Gate gate;

	private static Fleet fleet;

	private static int runner;

	@BeforeAll
	static void startUntilOneMigratesAndOthersWait(TestDatabase database, Replicas replicas) {
		ledger = Ledger.install(database);
		gate = ledger.close("middle");
		fleet = replicas.guarded(CHANGELOG).start(4);
		runner = gate.awaitArrival();
		fleet.awaitOneMigratingOthersWaiting();
	}

	@Test
	@Order(1)
	void livenessIsUp() {
		assertThat(fleet).extracting(Replica::liveness).containsOnly(200);
	}

	@Test
	@Order(1)
	void readinessIsRefused() {
		assertThat(fleet).extracting(Replica::readiness).containsOnly(503);
	}

	@Test
	@Order(1)
	void healthNamesTheMigrations() {
		assertThat(fleet).allSatisfy((replica) -> {
			HttpResponse<String> health = replica.actuator("/health");
			assertThat(health.statusCode()).isEqualTo(503);
			assertThat(health.body()).contains("OUT_OF_SERVICE");
		});
	}

	@Test
	@Order(1)
	void businessRequestIsAnsweredWithRetryAfter() {
		assertThat(fleet).allSatisfy((replica) -> {
			HttpResponse<String> response = replica.hello();
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.headers().firstValue("Retry-After")).isPresent();
			assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(response.body()).contains(replica.state());
		});
	}

	@Test
	@Order(1)
	void endpointNamesTheSameHolderOnEveryReplica() {
		Replica migrating = fleet.migrating();
		eventuallyOnEveryReplica((lock) -> {
			JsonNode holder = lock.path("holder");
			assertThat(holder.path("pid").asInt(-1)).isEqualTo(runner);
			assertThat(holder.path("instance").asString("")).isEqualTo(migrating.name());
			assertThat(holder.path("activity").asString("")).isEqualTo("WORKING");
			assertThat(holder.path("since").asString("")).isNotEmpty();
		});
	}

	@Test
	@Order(1)
	void endpointNamesTheWaitersOnEveryReplica() {
		List<String> waiting = fleet.waiting().stream().map(Replica::name).toList();
		assertThat(waiting).hasSize(3);
		eventuallyOnEveryReplica((lock) -> assertThat(lock.path("waiters").valueStream())
			.extracting((waiter) -> waiter.path("instance").asString(""))
			.containsExactlyInAnyOrderElementsOf(waiting));
	}

	@Test
	@Order(1)
	void endpointTellsHowFarTheRunIs() {
		eventually(() -> {
			JsonNode progress = fleet.migrating().migration().path("progress");
			assertThat(progress.path("applied").asInt(-1)).isEqualTo(3);
			assertThat(progress.path("pending").asInt(-1)).isEqualTo(2);
			assertThat(progress.path("current").path("id").asString("")).isEqualTo(CHANGELOG.identifiers().get(3));
		});
	}

	@Test
	@Order(1)
	void waitersDoNothingInTheDatabaseButListen(TestDatabase database) {
		// A question has a snapshot for as long as it takes
		Awaiting.awaitInDatabase("no transaction of a waiter")
			.until(() -> database.superuser()
				.sql("""
						select count(*) from pg_stat_activity where datname = current_database() and pid <> ?
						and backend_type = 'client backend' and application_name <> 'test'
						and (backend_xmin is not null or state = 'idle in transaction')""")
				.param(runner)
				.query(Integer.class)
				.single(), (count) -> count == 0);
	}

	@Test
	@Order(1)
	void eachReplicaMigratesOnItsStartingThread() {
		assertThat(fleet).allSatisfy((replica) -> assertThat(replica.guardThreads()).containsAnyOf("main", "starter"));
	}

	@Test
	@Order(1)
	void nothingStartsToWork() {
		assertThat(fleet).allSatisfy((replica) -> assertThat(replica.markers()).isEmpty());
	}

	@Test
	@Order(2)
	void waitersAreReadyWithinABlinkOfTheLastCommit() {
		gate.open();
		Map<Replica, Instant> ready = fleet.awaitReady();
		Instant commit = ledger.lastCommit();
		List<Duration> blinks = ready.values()
			.stream()
			.map((moment) -> Duration.between(commit, moment))
			.sorted()
			.toList();
		logger.info("From the last commit to readiness: " + blinks);
		assertThat(blinks).allSatisfy((blink) -> assertThat(blink).isLessThan(Duration.ofSeconds(10)));
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		ledger.assertRecordedInTransactionOfStatements();
	}

	@Test
	@Order(3)
	void businessRequestIsServed() {
		assertThat(fleet).extracting((replica) -> replica.hello().statusCode()).containsOnly(200);
	}

	@Test
	@Order(3)
	void runnersFindTheWholeSchema() {
		assertThat(fleet)
			.allSatisfy((replica) -> assertThat(replica.awaitStarted().markers()).containsEntry("runner", "5")
				.containsEntry("scheduler", "5")
				.containsEntry("lifecycle", "5"));
	}

	@Test
	@Order(3)
	void onlyTheApplicationsOwnPoolsStayConnected(TestDatabase database) {
		eventually(() -> assertThat(database.sessions()).hasSizeLessThanOrEqualTo(8)
			.allSatisfy((session) -> assertThat(session.applicationName()).isEqualTo("PostgreSQL JDBC Driver")));
	}

	@Test
	@Order(3)
	void noLockIsLeft(TestDatabase database) {
		eventually(() -> assertThat(database.advisoryLocks()).isEmpty());
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
	}

	@Test
	@Order(3)
	void noThreadIsLeft() {
		eventually(() -> assertThat(fleet).allSatisfy((replica) -> assertThat(replica.guardThreads()).isEmpty()));
	}

	@Test
	@Order(3)
	void endpointTellsWhatWasDone() {
		eventually(() -> assertThat(fleet.replicas()).extracting(Replica::state)
			.containsOnly("COMPLETED", "UP_TO_DATE")
			.containsOnlyOnce("COMPLETED"));
	}

	private static void eventuallyOnEveryReplica(LockAssertion assertion) {
		eventually(() -> assertThat(fleet).allSatisfy((replica) -> assertion.check(replica.migration().path("lock"))));
	}

	private static void eventually(Runnable assertion) {
		Awaiting.await("all replicas agree").untilAsserted(assertion::run);
	}

	private interface LockAssertion {

		void check(JsonNode lock);

	}

}
