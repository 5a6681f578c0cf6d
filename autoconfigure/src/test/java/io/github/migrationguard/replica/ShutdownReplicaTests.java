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
import java.util.function.UnaryOperator;

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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for SIGTERM while a replica waits or migrates, on each web stack.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ShutdownReplicaTests {

	private static final Log logger = LogFactory.getLog(ShutdownReplicaTests.class);

	private static final Changelog CHANGELOG = Changelog.ofTables(1)
		.gate("middle")
		.changeSet("slow", "create table slow (id int); select pg_sleep(3)")
		.changeSet("last", "create table last (id int)");

	@ParameterizedTest
	@EnumSource
	void waitingReplicaLeavesAndMigratingOneFinishesWithinGrace(Stack stack, TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Fleet fleet = stack.apply(replicas.guarded(CHANGELOG)).start(2);
		fleet.awaitOneMigratingOthersWaiting();
		gate.awaitArrival();
		Replica migrating = fleet.migrating();
		assertThatLeaves(fleet.waiting().get(0), "waiting");
		assertThat(migrating.state()).isEqualTo("MIGRATING");
		migrating.sigterm();
		gate.open();
		assertThat(migrating.awaitExit()).isEqualTo(143);
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThatNothingStarted(fleet);
		assertNothingIsLeft(database);
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE_WITH_MANAGEMENT_PORT", "SERVLET_IN_REFRESH" })
	void migratingReplicaIsCancelledInTheServerAfterGrace(Stack stack, TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Fleet fleet = stack.apply(replicas.guarded(CHANGELOG))
			.property("migration-guard.shutdown.grace", "1s")
			.start(1);
		gate.awaitArrival();
		assertThatLeaves(fleet.replicas().get(0), "migrating, with a grace of one second,");
		assertNothingIsLeft(database);
		assertThat(ledger.recorded()).isEqualTo(CHANGELOG.identifiers().subList(0, 1));
		assertThat(database.client()
			.sql("select count(*) from pg_tables where tablename = 'middle'")
			.query(Integer.class)
			.single()).isZero();
		assertThatNothingStarted(fleet);
	}

	/**
	 * The gate stays closed: without a reaction to SIGTERM the replica would never leave.
	 */
	private static void assertThatLeaves(Replica replica, String what) {
		Instant sigterm = Instant.now();
		replica.sigterm();
		assertThat(replica.awaitExit()).isEqualTo(143);
		Duration took = Duration.between(sigterm, Instant.now());
		logger.info("From SIGTERM until the replica that was %s is gone: %s".formatted(what, took));
		assertThat(took).isLessThan(Duration.ofSeconds(20));
	}

	private static void assertThatNothingStarted(Fleet fleet) {
		assertThat(fleet).allSatisfy((replica) -> assertThat(replica.markers()).isEmpty());
	}

	private static void assertNothingIsLeft(TestDatabase database) {
		Awaiting.await("no session").atMost(Duration.ofSeconds(10)).until(database::sessions, List::isEmpty);
		assertThat(database.advisoryLocks()).isEmpty();
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
	}

	enum Stack {

		SERVLET(UnaryOperator.identity()),

		SERVLET_WITH_MANAGEMENT_PORT(ReplicaBuilder::separateManagementPort),

		REACTIVE(ReplicaBuilder::webflux),

		REACTIVE_WITH_MANAGEMENT_PORT((builder) -> builder.webflux().separateManagementPort()),

		SERVLET_IN_REFRESH((builder) -> builder.property("migration-guard.startup.mode", "in-refresh")),

		REACTIVE_IN_REFRESH((builder) -> builder.webflux().property("migration-guard.startup.mode", "in-refresh"));

		private final UnaryOperator<ReplicaBuilder> customizer;

		Stack(UnaryOperator<ReplicaBuilder> customizer) {
			this.customizer = customizer;
		}

		ReplicaBuilder apply(ReplicaBuilder builder) {
			return this.customizer.apply(builder);
		}

	}

}
