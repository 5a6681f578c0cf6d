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

package io.github.migrationguard.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link SessionSampler}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class SessionSamplerTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final int TIMEOUT_SECONDS = 20;

	private static final String ALTER = "alter table orders add column total int";

	private TestDatabase database;

	private Connection monitor;

	private OtherSession migration;

	@BeforeEach
	void createTable(TestDatabase database) throws SQLException {
		this.database = database;
		database.client().sql("create table orders (id int primary key, state text)").update();
		database.client().sql("insert into orders select generate_series(1, 10), 'new'").update();
		this.monitor = database.connect();
		this.migration = OtherSession.open(database);
	}

	@AfterEach
	void close() throws SQLException {
		this.migration.close();
		this.monitor.close();
	}

	@Test
	void sessionThatDoesNothingIsAlive() throws SQLException {
		SessionSample sample = sample();
		assertThat(sample.alive()).isTrue();
		assertThat(sample.waitingFor()).isNull();
		assertThat(sample.blockers()).isEmpty();
		assertThat(sample.queuedBehind()).isEqualTo(QueuedSessions.NONE);
		assertThat(sample.indexBuild()).isNull();
	}

	@Test
	void sessionThatHasEndedIsNotAlive() throws SQLException {
		this.migration.close();
		Awaiting.await("the end of the session").until(() -> !sample().alive());
		assertThat(sample().blockers()).isEmpty();
	}

	@Test
	void idleTransactionIsDirectRootBlocker() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin("select * from orders")) {
			CompletableFuture<Void> alter = this.migration.executeInBackground(ALTER);
			SessionSample sample = awaitBlocked();
			assertThat(sample.waitingFor().mode()).isEqualTo("AccessExclusiveLock");
			assertThat(sample.waitingFor().description()).isEqualTo("AccessExclusiveLock on orders");
			assertThat(sample.waitingFor().target().type()).isEqualTo("relation");
			assertThat(sample.blockers()).singleElement().satisfies((blocker) -> {
				assertThat(blocker.pid()).isEqualTo(other.pid());
				assertThat(blocker.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
				assertThat(blocker.direct()).isTrue();
				assertThat(blocker.root()).isTrue();
				assertThat(blocker.user()).isEqualTo(this.database.username());
				assertThat(blocker.superuser()).isFalse();
				assertThat(blocker.applicationName()).isEqualTo("other");
				assertThat(blocker.clientAddress()).isEqualTo("127.0.0.1");
				assertThat(blocker.state()).isEqualTo("idle in transaction");
				assertThat(blocker.transactionAge()).isPositive();
				assertThat(blocker.holds()).isEqualTo("AccessShareLock on orders");
				assertThat(blocker.waitingFor()).isEqualTo("AccessExclusiveLock on orders");
				assertThat(blocker.query()).isEqualTo("select * from orders");
				assertThat(blocker.remedy()).isEqualTo("select pg_terminate_backend(%d)".formatted(other.pid()));
				assertThat(blocker.hiddenFrom()).isNull();
				assertThat(blocker.transaction()).isEqualTo(
						other.query("select virtualtransaction from pg_locks where pid = pg_backend_pid() limit 1"));
			});
			other.rollback();
			assertThat(alter).succeedsWithin(LONG);
		}
	}

	@Test
	void chainHasDirectBlockerAndRoot() throws SQLException {
		this.database.client().sql("create table customers (id int)").update();
		try (OtherSession root = OtherSession.open(this.database).begin("lock table customers");
				OtherSession middle = OtherSession.open(this.database).begin("select * from orders")) {
			middle.executeInBackground("select * from customers");
			this.migration.executeInBackground(ALTER);
			SessionSample sample = await((candidate) -> candidate.blockers().size() == 2);
			assertThat(sample.blockers())
				.extracting(Blocker::pid, Blocker::direct, Blocker::root, Blocker::kind, Blocker::holds,
						Blocker::waitingFor)
				.containsExactly(
						tuple(middle.pid(), true, false, BlockerKind.LONG_TRANSACTION, "AccessShareLock on orders",
								"AccessExclusiveLock on orders"),
						tuple(root.pid(), false, true, BlockerKind.IDLE_IN_TRANSACTION,
								"AccessExclusiveLock on customers", "AccessShareLock on customers"));
			assertThat(sample.directBlockers()).extracting(Blocker::pid).containsExactly(middle.pid());
			root.rollback();
		}
	}

	@Test
	void sessionsQueueBehindMigration() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin("select * from orders");
				OtherSession reader = OtherSession.open(this.database);
				OtherSession writer = OtherSession.open(this.database)) {
			this.migration.executeInBackground(ALTER);
			awaitBlocked();
			reader.executeInBackground("select * from orders");
			await((sample) -> sample.queuedBehind().count() == 1);
			writer.executeInBackground("insert into orders values (11)");
			SessionSample sample = await((candidate) -> candidate.queuedBehind().count() == 2
					&& candidate.queuedBehind().longestWait() != null);
			assertThat(sample.blockers()).extracting(Blocker::pid).containsExactly(other.pid());
			assertThat(sample.queuedBehind().first())
				.extracting(QueuedSessions.Session::pid, QueuedSessions.Session::waitingFor)
				.containsExactly(tuple(reader.pid(), "AccessShareLock on orders"),
						tuple(writer.pid(), "RowExclusiveLock on orders"));
			other.rollback();
		}
	}

	@Test
	void holdersAreFoundWithoutQueueing() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin("select * from orders")) {
			CompletableFuture<Void> alter = this.migration.executeInBackground(ALTER);
			LockRequest wanted = awaitBlocked().waitingFor();
			this.migration.cancel();
			assertThat(alter).failsWithin(LONG);
			List<Blocker> holders = SessionSampler.findHolders(this.monitor, wanted, null, TIMEOUT_SECONDS);
			assertThat(holders).singleElement().satisfies((holder) -> {
				assertThat(holder.pid()).isEqualTo(other.pid());
				assertThat(holder.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
				assertThat(holder.holds()).isEqualTo("AccessShareLock on orders");
			});
			other.rollback();
			assertThat(SessionSampler.findHolders(this.monitor, wanted, null, TIMEOUT_SECONDS)).isEmpty();
		}
	}

	private SessionSample awaitBlocked() {
		return await((sample) -> !sample.blockers().isEmpty());
	}

	private SessionSample await(Predicate<SessionSample> condition) {
		return Awaiting.await("a sample").until(this::sample, condition);
	}

	private SessionSample sample() throws SQLException {
		return SessionSampler.sample(this.monitor, this.migration.pid(), TIMEOUT_SECONDS);
	}

}
