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
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.StatementLog;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
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
