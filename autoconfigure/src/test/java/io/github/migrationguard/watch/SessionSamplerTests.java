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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link SessionSampler}: who waits for whom.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class SessionSamplerTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private TestDatabase database;

	private WatchedMigration migration;

	@BeforeEach
	void openSessions(TestDatabase database) throws SQLException {
		WatchedMigration.createTable(database);
		this.database = database;
		this.migration = new WatchedMigration(database);
	}

	@AfterEach
	void closeSessions() throws SQLException {
		this.migration.close();
	}

	@Test
	void sessionThatDoesNothingIsAlive() throws SQLException {
		SessionSample sample = this.migration.sample();
		assertThat(sample.alive()).isTrue();
		assertThat(sample.waitingFor()).isNull();
		assertThat(sample.blockers()).isEmpty();
		assertThat(sample.queuedBehind()).isEqualTo(QueuedSessions.NONE);
		assertThat(sample.indexBuild()).isNull();
	}

	@Test
	void sessionThatHasEndedIsNotAlive() throws SQLException {
		try (OtherSession ended = OtherSession.open(this.database)) {
			ended.close();
			SessionSample sample = Awaiting.await("the end of the session")
				.until(() -> SessionSampler.sample(this.migration.monitor(), ended.pid(),
						WatchedMigration.TIMEOUT_SECONDS), (candidate) -> !candidate.alive());
			assertThat(sample.blockers()).isEmpty();
			assertThat(sample.queuedBehind()).isEqualTo(QueuedSessions.NONE);
		}
	}

	@Test
	void idleTransactionIsDirectRootBlocker() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin("select * from orders")) {
			CompletableFuture<Void> alter = this.migration.alter();
			SessionSample sample = this.migration
				.await((candidate) -> candidate.waitingFor() != null && candidate.waitingFor().waitedFor() != null);
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
				assertThat(blocker.advice()).contains("left its transaction open");
				assertThat(blocker.remedy()).isEqualTo("select pg_terminate_backend(%d)".formatted(other.pid()));
				assertThat(blocker.hiddenFrom()).isNull();
				assertThat(blocker.transaction()).isEqualTo(
						other.query("select virtualtransaction from pg_locks where pid = pg_backend_pid() limit 1"));
			});
			other.rollback();
			assertThat(alter).succeedsWithin(LONG);
			assertThat(this.migration.sample().blockers()).isEmpty();
		}
	}

	@Test
	void chainHasDirectBlockerAndRoot() throws SQLException {
		this.database.client().sql("create table customers (id int)").update();
		this.database.client().sql("create table \"Old Orders\" (id int)").update();
		try (OtherSession root = OtherSession.open(this.database).begin("lock table \"Old Orders\"");
				OtherSession middle = OtherSession.open(this.database).begin("lock table customers");
				OtherSession direct = OtherSession.open(this.database).begin("select * from orders")) {
			middle.executeInBackground("select * from \"Old Orders\"");
			direct.executeInBackground("select * from customers");
			this.migration.alter();
			SessionSample sample = this.migration.await((candidate) -> candidate.blockers().size() == 3);
			assertThat(sample.directBlockers()).extracting(Blocker::pid).containsExactly(direct.pid());
			assertThat(sample.blockers())
				.extracting(Blocker::pid, Blocker::direct, Blocker::root, Blocker::kind, Blocker::holds,
						Blocker::waitingFor)
				.containsExactlyInAnyOrder(
						tuple(direct.pid(), true, false, BlockerKind.LONG_TRANSACTION, "AccessShareLock on orders",
								"AccessExclusiveLock on orders"),
						tuple(middle.pid(), false, false, BlockerKind.LONG_TRANSACTION,
								"AccessExclusiveLock on customers", "AccessShareLock on customers"),
						tuple(root.pid(), false, true, BlockerKind.IDLE_IN_TRANSACTION,
								"AccessExclusiveLock on \"Old Orders\"", "AccessShareLock on \"Old Orders\""));
			assertThat(sample.blockers().get(0).advice()).startsWith("It waits for a lock itself");
			assertThat(this.migration.cancelAndFindHolders(sample.waitingFor())).extracting(Blocker::pid)
				.containsExactlyElementsOf(sample.blockers().stream().map(Blocker::pid).toList());
			root.rollback();
		}
	}

	@Test
	void sessionsQueueBehindMigration() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin("select * from orders");
				OtherSession reader = OtherSession.open(this.database);
				OtherSession writer = OtherSession.open(this.database)) {
			this.migration.alterAndAwaitBlockers();
			reader.executeInBackground("select * from orders");
			this.migration.await((sample) -> sample.queuedBehind().count() == 1);
			writer.executeInBackground("insert into orders values (11)");
			SessionSample sample = this.migration.await((candidate) -> candidate.queuedBehind()
				.first()
				.stream()
				.filter((session) -> session.waitedFor() != null)
				.count() == 2);
			assertThat(sample.blockers()).extracting(Blocker::pid).containsExactly(other.pid());
			assertThat(sample.queuedBehind().first())
				.extracting(QueuedSessions.Session::pid, QueuedSessions.Session::user,
						QueuedSessions.Session::applicationName, QueuedSessions.Session::waitingFor)
				.containsExactly(tuple(reader.pid(), this.database.username(), "other", "AccessShareLock on orders"),
						tuple(writer.pid(), this.database.username(), "other", "RowExclusiveLock on orders"));
			assertThat(sample.queuedBehind().longestWait()).isEqualTo(sample.queuedBehind().first().get(0).waitedFor());
			other.rollback();
		}
	}

	@Test
	void sessionsQueueBehindMigrationThatWorks() throws SQLException {
		List<OtherSession> readers = new ArrayList<>();
		this.migration.session().begin("lock table orders");
		for (int i = 0; i < 12; i++) {
			OtherSession reader = OtherSession.open(this.database);
			readers.add(reader);
			reader.executeInBackground("select * from orders");
		}
		SessionSample sample = this.migration.await((candidate) -> candidate.queuedBehind().count() == 12);
		assertThat(sample.queuedBehind().first()).hasSize(10);
		assertThat(sample.waitingFor()).isNull();
		assertThat(sample.blockers()).isEmpty();
		this.migration.session().rollback();
		for (OtherSession reader : readers) {
			reader.close();
		}
	}

	@Test
	void sessionsQueueBehindSessionThatIsQueued() throws SQLException {
		this.database.client().sql("create table customers (id int)").update();
		this.migration.session().begin("lock table orders");
		try (OtherSession reader = OtherSession.open(this.database).begin("lock table customers");
				OtherSession next = OtherSession.open(this.database)) {
			reader.executeInBackground("select * from orders");
			this.migration.await((candidate) -> candidate.queuedBehind().count() == 1);
			next.executeInBackground("select * from customers");
			SessionSample sample = this.migration.await((candidate) -> candidate.queuedBehind().count() == 2);
			assertThat(sample.queuedBehind().first()).extracting(QueuedSessions.Session::pid)
				.containsExactlyInAnyOrder(reader.pid(), next.pid());
			this.migration.session().rollback();
		}
	}

	@Test
	void waitsOfOthersAreNotOurs() throws SQLException {
		this.database.client().sql("create table customers (id int)").update();
		try (OtherSession holder = OtherSession.open(this.database).begin("lock table customers");
				OtherSession waiter = OtherSession.open(this.database)) {
			waiter.executeInBackground("select * from customers");
			Map<Integer, SessionSample> samples = Awaiting.await("a wait")
				.until(() -> SessionSampler.sampleAll(this.migration.monitor(),
						List.of(this.migration.pid(), waiter.pid(), holder.pid()), WatchedMigration.TIMEOUT_SECONDS),
						(candidate) -> candidate.get(waiter.pid()).waitingFor() != null);
			assertThat(samples.get(this.migration.pid()).blockers()).isEmpty();
			assertThat(samples.get(this.migration.pid()).queuedBehind()).isEqualTo(QueuedSessions.NONE);
			assertThat(samples.get(waiter.pid()).blockers()).extracting(Blocker::pid).containsExactly(holder.pid());
			assertThat(samples.get(holder.pid()).blockers()).isEmpty();
			assertThat(samples.get(holder.pid()).queuedBehind().first()).extracting(QueuedSessions.Session::pid)
				.containsExactly(waiter.pid());
			holder.rollback();
		}
	}

	@Test
	void sessionAheadInTheQueueIsBlocker() throws SQLException {
		try (OtherSession reader = OtherSession.open(this.database).begin("select * from orders");
				OtherSession ahead = OtherSession.open(this.database)) {
			ahead.executeInBackground("alter table orders add column a int");
			Awaiting.await("the one ahead")
				.until(() -> SessionSampler
					.sample(this.migration.monitor(), ahead.pid(), WatchedMigration.TIMEOUT_SECONDS)
					.waitingFor() != null);
			this.migration.session().executeInBackground("insert into orders values (11)");
			SessionSample sample = this.migration.await((candidate) -> candidate.blockers().size() == 2);
			assertThat(sample.blockers()).extracting(Blocker::pid, Blocker::direct, Blocker::root, Blocker::holds)
				.containsExactly(
						tuple(ahead.pid(), true, false,
								"AccessExclusiveLock on orders, for which it waits ahead of the migration"),
						tuple(reader.pid(), false, true, "AccessShareLock on orders"));
			reader.rollback();
		}
	}

	@Test
	void rowThatIsWaitedForIsNamed() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database)
			.begin("update orders set state = 'a' where id = 1")) {
			this.migration.session().executeInBackground("update orders set state = 'b' where id = 1");
			SessionSample sample = this.migration.awaitBlockers();
			assertThat(sample.waitingFor().description())
				.matches("ShareLock on transaction \\d+ \\(which has a row of orders\\)");
			assertThat(sample.blockers()).extracting(Blocker::pid).containsExactly(other.pid());
			assertThat(this.migration.cancelAndFindHolders(sample.waitingFor())).extracting(Blocker::pid)
				.containsExactly(other.pid());
			other.rollback();
			assertThat(this.migration.findHolders(sample.waitingFor())).isEmpty();
		}
	}

	@Test
	void advisoryLockIsNamedByItsKey() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database)
			.execute("select pg_advisory_lock(-5000000000), pg_advisory_lock(9, -2)")) {
			this.migration.session().executeInBackground("select pg_advisory_lock(-5000000000)");
			SessionSample sample = this.migration.awaitBlockers();
			assertThat(sample.waitingFor().description()).isEqualTo("ExclusiveLock on advisory lock -5000000000");
			assertThat(sample.blockers()).singleElement().satisfies((blocker) -> {
				assertThat(blocker.pid()).isEqualTo(other.pid());
				assertThat(blocker.kind()).isEqualTo(BlockerKind.UNKNOWN);
				assertThat(blocker.state()).isEqualTo("idle");
				assertThat(blocker.advice()).contains("not bound to a transaction");
			});
			this.migration.session().cancel();
			this.migration.await((candidate) -> candidate.waitingFor() == null);
			this.migration.session().executeInBackground("select pg_advisory_lock(9, -2)");
			assertThat(this.migration.awaitBlockers().waitingFor().description())
				.isEqualTo("ExclusiveLock on advisory lock (9, -2)");
		}
	}

	@Test
	void holdersAreFoundWithoutQueueing() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin("select * from orders");
				OtherSession reader = OtherSession.open(this.database)) {
			LockRequest wanted = this.migration.alterAndAwaitBlockers().waitingFor();
			assertThat(this.migration.cancelAndFindHolders(wanted)).singleElement().satisfies((holder) -> {
				assertThat(holder.pid()).isEqualTo(other.pid());
				assertThat(holder.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
				assertThat(holder.holds()).isEqualTo("AccessShareLock on orders");
			});
			assertThat(SessionSampler.findHolders(other.connection(), wanted, null, WatchedMigration.TIMEOUT_SECONDS))
				.isEmpty();
			assertThat(reader.query("select count(*) from orders")).isEqualTo("10");
			other.rollback();
			assertThat(this.migration.findHolders(wanted)).isEmpty();
		}
	}

	@Test
	void holdersOfLocksThatDoNotConflictAreNotFound() throws SQLException {
		try (OtherSession reader = OtherSession.open(this.database).begin("select * from orders");
				OtherSession writer = OtherSession.open(this.database).begin("insert into orders values (11)")) {
			LockRequest.Target target = this.migration.alterAndAwaitBlockers().waitingFor().target();
			this.migration.session().cancel();
			assertThat(this.migration.findHolders(new LockRequest(target, "ShareLock", "", null)))
				.extracting(Blocker::pid, Blocker::holds)
				.containsExactly(tuple(writer.pid(), "RowExclusiveLock on orders"));
			assertThat(this.migration.findHolders(new LockRequest(target, "AccessExclusiveLock", "", null)))
				.extracting(Blocker::pid)
				.containsExactlyInAnyOrder(reader.pid(), writer.pid());
			assertThat(this.migration.findHolders(new LockRequest(target, "ShareUpdateExclusiveLock", "", null)))
				.isEmpty();
		}
	}

	/**
	 * Beyond 100000 the server would compile the query each time it executes it, which
	 * takes some hundred milliseconds.
	 */
	@Test
	void planIsKeptAndNotCompiled() throws SQLException {
		for (int i = 0; i < 20; i++) {
			this.migration.sample();
		}
		try (Statement statement = this.migration.monitor().createStatement()) {
			try (ResultSet row = statement.executeQuery(
					"""
							select name, generic_plans from pg_prepared_statements where statement like '%pg_blocking_pids%'""")) {
				assertThat(row.next()).isTrue();
				assertThat(row.getInt("generic_plans")).isPositive();
				assertThat(cost(row.getString("name"))).isLessThan(100_000);
			}
		}
	}

	private double cost(String prepared) throws SQLException {
		Connection connection = this.migration.monitor();
		try (Statement statement = connection.createStatement();
				ResultSet row = statement
					.executeQuery("explain execute \"%s\"('{1}', null, null, null)".formatted(prepared))) {
			row.next();
			return Double.parseDouble(row.getString(1).replaceAll(".*\\.\\.([0-9.]+) rows.*", "$1"));
		}
	}

}
