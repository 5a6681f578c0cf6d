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
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what two replicas answer while a session is in the way of their migration,
 * and for SIGTERM meanwhile.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BlockedReplicaTests {

	private static final Changelog CHANGELOG = Changelog.empty()
		.changeSet("total", "alter table orders add column total int");

	@Test
	void everyReplicaNamesTheBlockerAndTheNextTakesOver(TestDatabase database, Replicas replicas) {
		database.client().sql("create table orders (id int)").update();
		Ledger ledger = Ledger.install(database);
		try (OtherSession blocker = OtherSession.open(database, "nightly-report")
			.begin("select count(*) from orders where id = 42")) {
			Fleet fleet = replicas.guarded(CHANGELOG)
				.property("migration-guard.ddl.lock-timeout", "600ms")
				.property("migration-guard.shutdown.grace", "50s")
				.start(2);
			Replica holder = awaitBackingOff(fleet.replicas());
			Replica waiter = fleet.stream().filter((replica) -> replica != holder).findFirst().orElseThrow();
			waiter.awaitState("WAITING");
			fleet.forEach((replica) -> assertThatNames(replica, blocker));
			assertThatHasAttempt(holder, blocker);
			assertThatLeavesAtOnce(holder);
			assertThat(awaitBackingOff(List.of(waiter))).isSameAs(waiter);
			blocker.commit();
			waiter.awaitReady();
			Awaiting.await("nobody in the way").until(() -> waiter.migration().path("blockers").isEmpty());
		}
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		Awaiting.await("no lock").until(database::advisoryLocks, List::isEmpty);
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
	}

	private static Replica awaitBackingOff(List<Replica> replicas) {
		return Awaiting.await("a replica that backs off")
			.until(() -> replicas.stream().filter((replica) -> replica.state().equals("BACKING_OFF")).toList(),
					(backingOff) -> !backingOff.isEmpty())
			.get(0);
	}

	private static void assertThatNames(Replica replica, OtherSession session) {
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		Awaiting.await("the blocker on " + replica.name()).untilAsserted(() -> {
			JsonNode migration = replica.migration();
			assertThat(migration.path("lock").path("holder").path("activity").asString("")).isEqualTo("BACKING_OFF");
			assertThat(migration.path("blockers").size()).isOne();
			JsonNode blocker = migration.path("blockers").path(0);
			assertThat(blocker.path("pid").asInt(-1)).isEqualTo(session.pid());
			assertThat(blocker.path("kind").asString("")).isEqualTo("IDLE_IN_TRANSACTION");
			assertThat(blocker.path("applicationName").asString("")).isEqualTo("nightly-report");
			assertThat(blocker.path("transactionAge").asString("")).startsWith("PT");
			assertThat(blocker.path("holds").asString("")).isEqualTo("AccessShareLock on orders");
			assertThat(blocker.path("waitingFor").asString("")).isEqualTo("AccessExclusiveLock on orders");
			assertThat(blocker.path("query").asString("")).contains("from orders");
			assertThat(blocker.path("remedy").asString(""))
				.isEqualTo("select pg_terminate_backend(%d)".formatted(session.pid()));
		});
	}

	private static void assertThatHasAttempt(Replica replica, OtherSession session) {
		JsonNode attempt = replica.migration().path("attempts").path(0);
		assertThat(attempt.path("number").asInt(-1)).isOne();
		assertThat(attempt.path("unit").asString("")).isEqualTo(CHANGELOG.identifiers().get(0));
		assertThat(attempt.path("outcome").asString("")).isEqualTo("LOCK_TIMEOUT");
		assertThat(attempt.path("blockers").path(0).asInt(-1)).isEqualTo(session.pid());
	}

	private static void assertThatLeavesAtOnce(Replica replica) {
		Instant sigterm = Instant.now();
		replica.sigterm();
		assertThat(replica.awaitExit()).isEqualTo(143);
		assertThat(Duration.between(sigterm, Instant.now())).isLessThan(Duration.ofSeconds(20));
	}

}
