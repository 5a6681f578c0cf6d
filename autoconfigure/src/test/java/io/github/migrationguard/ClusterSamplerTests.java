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

package io.github.migrationguard;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.BlockedBy;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.StatementLog;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.SessionSample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterSampler} on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ClusterSamplerTests {

	private static final LockKey FIRST = LockKey.of("first", "first");

	private static final LockKey SECOND = LockKey.of("second", "second");

	/**
	 * Far more than the sampler waits for answers, far less than a database that is gone
	 * would cost.
	 */
	private static final Duration SHORT = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ClusterSampler sampler = new ClusterSampler();

	private final List<MigrationSession> sessions = new ArrayList<>();

	@AfterEach
	void close() {
		this.sampler.close();
		this.sessions.forEach(MigrationSession::close);
	}

	@Test
	void oneQueryTellsWhoTakesPartInEveryLockAndOneWhatTheHoldersMeet(TestDatabase database) throws SQLException {
		session(database, FIRST, "orders/pod-0").tryLock();
		session(database, FIRST, "orders/pod-1");
		session(database, FIRST, "orders/pod-2");
		session(database, SECOND, "orders/pod-3").tryLock();
		DataSource dataSource = dataSource(database);
		ClusterSample first = sample(migrator(dataSource), FIRST);
		assertThat(first.unavailable()).isNull();
		assertThat(first.participants().holder().instance()).isEqualTo("orders/pod-0");
		assertThat(first.participants().waiters()).extracting(LockParticipant::instance)
			.containsExactly("orders/pod-1", "orders/pod-2");
		ClusterSample second = this.sampler.latest(migrator(dataSource), SECOND);
		assertThat(second.participants().holder().instance()).isEqualTo("orders/pod-3");
		assertThat(second.participants().waiters()).isEmpty();
		assertThat(second.sampledAt()).isEqualTo(first.sampledAt());
		ClusterSample nobody = this.sampler.latest(migrator(dataSource), LockKey.of("third", "third"));
		assertThat(nobody.participants().holder()).isNull();
		assertThat(nobody.participants().waiters()).isEmpty();
		assertThat(queries(database)).hasSize(2);
	}

	@Test
	void whatTheHolderMeetsIsToldToEverybody(TestDatabase database) throws SQLException {
		database.client().sql("create table orders (id int)").update();
		MigrationSession holder = session(database, FIRST, "orders/pod-0");
		holder.tryLock();
		session(database, SECOND, "orders/pod-1").tryLock();
		Migrator migrator = migrator(dataSource(database));
		try (OtherSession idle = OtherSession.open(database, "idle").begin("select * from orders");
				OtherSession reader = OtherSession.open(database, "reader")) {
			CompletableFuture<Boolean> alter = CompletableFuture
				.supplyAsync(() -> execute(holder, "set lock_timeout = 0; alter table orders add total int"));
			await(migrator, (sample) -> !sample.holder().blockers().isEmpty());
			reader.executeInBackground("select * from orders");
			SessionSample sample = await(migrator, (candidate) -> candidate.holder().queuedBehind().count() == 1)
				.holder();
			assertThat(sample.blockers()).extracting(Blocker::pid).containsExactly(idle.pid());
			assertThat(sample.queuedBehind().first().get(0).pid()).isEqualTo(reader.pid());
			assertThat(this.sampler.latest(migrator, SECOND).holder().blockers()).isEmpty();
			assertThat(this.sampler.latest(migrator, LockKey.of("third", "third")).holder()).isNull();
			idle.commit();
			assertThat(alter).succeedsWithin(LONG);
		}
	}

	@Test
	void whomHolderWaitsForThatBacksOffIsToldToEverybody(TestDatabase database) throws SQLException {
		database.client().sql("create table orders (id int)").update();
		Long orders = database.client().sql("select 'orders'::regclass::oid").query(Long.class).single();
		MigrationSession holder = session(database, FIRST, "orders/pod-0");
		holder.tryLock();
		Migrator migrator = migrator(dataSource(database));
		try (OtherSession idle = OtherSession.open(database, "idle").begin("select * from orders")) {
			holder.backOff(new BlockedBy(idle.pid(), orders, "AEL"));
			ClusterSample sample = await(migrator, (candidate) -> !candidate.holder().blockers().isEmpty());
			assertThat(sample.participants().holder().activity()).isEqualTo(Activity.BACKING_OFF);
			assertThat(sample.holder().blockers()).singleElement().satisfies((blocker) -> {
				assertThat(blocker.pid()).isEqualTo(idle.pid());
				assertThat(blocker.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
				assertThat(blocker.applicationName()).isEqualTo("idle");
				assertThat(blocker.holds()).isEqualTo("AccessShareLock on orders");
			});
			idle.commit();
			await(migrator, (candidate) -> candidate.holder().blockers().isEmpty());
		}
	}

	@Test
	void invalidIndexesAreTold(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
		database.client().sql("insert into orders values (1), (1)").update();
		assertThatException().isThrownBy(
				() -> database.client().sql("create unique index concurrently orders_id on orders (id)").update());
		ClusterSample sample = await(migrator(dataSource(database)), (candidate) -> candidate.invalidIndexes() != null);
		assertThat(sample.invalidIndexes()).extracting(InvalidIndex::name).containsExactly("public.orders_id");
		assertThat(sample.holder()).isNull();
	}

	@Test
	void holderIsToldByNextSampleAfterItHasComeWhateverElseIsAsked(TestDatabase database) throws SQLException {
		Migrator migrator = migrator(dataSource(database));
		ClusterSample before = sample(migrator, FIRST);
		assertThat(before.participants().holder()).isNull();
		session(database, FIRST, "orders/pod-0").tryLock();
		ClusterSample after = await(migrator, (sample) -> sample.sampledAt().isAfter(before.sampledAt()));
		assertThat(after.participants().holder().instance()).isEqualTo("orders/pod-0");
	}

	private ClusterSample await(Migrator migrator, Predicate<ClusterSample> condition) {
		return Awaiting.await("the sample").until(() -> sample(migrator, FIRST), condition);
	}

	private static boolean execute(MigrationSession session, String sql) {
		try (Connection connection = session.connection(); Statement statement = connection.createStatement()) {
			return statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void databaseIsAskedAtMostOnceASecondHoweverManyMigrationsItHas(TestDatabase database) {
		DataSource dataSource = dataSource(database);
		List<Migrator> migrators = Stream.generate(() -> migrator(dataSource)).limit(300).toList();
		Set<Instant> samples = new HashSet<>();
		long start = System.nanoTime();
		Awaiting.await("three samples").until(() -> {
			this.sampler.refresh(migrators);
			ClusterSample sample = this.sampler.latest(migrators.get(0), FIRST);
			return sample != null && samples.add(sample.sampledAt()) && samples.size() == 3;
		});
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		assertThat(queries(database)).hasSizeLessThanOrEqualTo((int) took.toSeconds() + 1);
		Awaiting.await("no connection").until(() -> database.sessions().isEmpty());
	}

	@Test
	void connectionIsKeptWhileSomebodyAsksAndReplacedWhenItIsLost(TestDatabase database) {
		Migrator migrator = migrator(dataSource(database));
		ClusterSample first = sample(migrator, FIRST);
		ClusterSample second = await(migrator, (sample) -> sample.sampledAt().isAfter(first.sampledAt()));
		assertThat(queries(database)).extracting(StatementLog.Entry::pid)
			.hasSizeGreaterThan(1)
			.containsOnly(pid(database));
		database.superuser()
			.sql("select pg_terminate_backend(?, 10000)")
			.param(pid(database))
			.query(Boolean.class)
			.single();
		ClusterSample third = await(migrator, (sample) -> sample.sampledAt().isAfter(second.sampledAt()));
		assertThat(third.unavailable()).isNull();
	}

	private static int pid(TestDatabase database) {
		return database.sessions().get(0).pid();
	}

	@Test
	void slowAnswerIsAwaitedAsLongAsThereIsNone(TestDatabase database) {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch slow = new CountDownLatch(1);
		DataSource dataSource = new AbstractDataSource() {

			@Override
			public Connection getConnection() throws SQLException {
				asked.countDown();
				awaitQuietly(slow);
				return database.connect();
			}

			@Override
			public Connection getConnection(String username, String password) throws SQLException {
				return getConnection();
			}

		};
		CompletableFuture.runAsync(() -> awaitQuietly(asked))
			.thenRunAsync(slow::countDown, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
		try (ClusterSampler patient = new ClusterSampler(LONG)) {
			Migrator migrator = migrator(dataSource);
			patient.refresh(List.of(migrator));
			assertThat(patient.latest(migrator, FIRST)).isNotNull();
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void askingIsIndependentOfPoolThatHasNothingLeft(TestDatabase database) throws SQLException {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(database.url());
			pool.setUsername(database.username());
			pool.setPassword(database.password());
			pool.setMaximumPoolSize(1);
			try (var taken = pool.getConnection()) {
				assertThat(sample(migrator(pool), FIRST).participants().waiters()).isEmpty();
			}
		}
	}

	@Test
	void reasonIsToldWhenDatabaseIsDown() {
		PGSimpleDataSource down = new PGSimpleDataSource();
		down.setUrl("jdbc:postgresql://localhost:1/orders");
		ClusterSample sample = sample(migrator(down), FIRST);
		assertThat(sample.participants()).isNull();
		assertThat(sample.unavailable()).contains("localhost:1");
	}

	@Test
	void databaseThatDoesNotAnswerHoldsUpNobody(TestDatabase database) throws IOException {
		try (ServerSocket silent = new ServerSocket(0)) {
			PGSimpleDataSource dataSource = new PGSimpleDataSource();
			dataSource.setUrl("jdbc:postgresql://localhost:%d/orders".formatted(silent.getLocalPort()));
			Migrator unanswered = migrator(dataSource);
			Migrator answered = migrator(dataSource(database));
			long start = System.nanoTime();
			this.sampler.refresh(List.of(unanswered, answered));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);
			assertThat(sample(answered, FIRST).unavailable()).isNull();
			assertThat(this.sampler.latest(unanswered, FIRST)).isNull();
		}
	}

	@Test
	void threadsEndWhenNobodyAsks(TestDatabase database) {
		sample(migrator(dataSource(database)), FIRST);
		assertThat(samplerThreads()).isNotEmpty();
		Awaiting.await("no thread").until(() -> samplerThreads().isEmpty());
		assertThat(sample(migrator(dataSource(database)), FIRST).unavailable()).isNull();
	}

	private ClusterSample sample(Migrator migrator, LockKey key) {
		return Awaiting.await("a sample").until(() -> {
			this.sampler.refresh(List.of(migrator));
			return this.sampler.latest(migrator, key);
		}, (sample) -> sample != null);
	}

	private MigrationSession session(TestDatabase database, LockKey key, String instance) throws SQLException {
		MigrationSession session = MigrationSession.open(new PooledConnectionSource(database.dataSource()));
		this.sessions.add(session);
		session.prepare(key, instance, Map.of());
		return session;
	}

	private static DataSource dataSource(TestDatabase database) {
		return new DriverManagerDataSource(database.url(), database.username(), database.password());
	}

	private static Migrator migrator(DataSource dataSource) {
		Migrator migrator = mock();
		given(migrator.getDataSource()).willReturn(dataSource);
		return migrator;
	}

	private static List<StatementLog.Entry> queries(TestDatabase database) {
		return database.statementLog()
			.statements()
			.stream()
			.filter((entry) -> entry.application().equals("migration-guard") && entry.sql().contains("pg_locks"))
			.toList();
	}

	private static Collection<Thread> samplerThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("migration-guard-sampler"))
			.toList();
	}

}
