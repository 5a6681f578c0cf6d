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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.InvalidIndexes;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * Asks databases who takes part in the locks of their migrations: only when somebody
 * wants to know, at most once a second and data source (one query tells about all
 * migrations there), in the background. A connection of its own, which comes from no
 * pool, stays open while somebody keeps asking: the server plans the queries once for it.
 * Its threads end when nobody asked for some seconds.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class ClusterSampler implements AutoCloseable {

	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofMillis(60);

	/**
	 * How long to wait for an answer when there is none that is worth telling.
	 */
	private static final Duration FIRST_PATIENCE = Duration.ofSeconds(1);

	private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

	/**
	 * What was seen before that is history.
	 */
	private static final Duration FORGET = Duration.ofMinutes(1);

	/**
	 * How long a connection that nobody needs stays open. A page that nobody watches
	 * refreshes itself less often.
	 */
	private static final Duration KEEP_CONNECTION = Duration.ofSeconds(5);

	private static final int TIMEOUT_SECONDS = 5;

	private static final Duration THREAD_KEEP_ALIVE = Duration.ofSeconds(5);

	/**
	 * A database that does not answer must not keep the others from being asked.
	 */
	private static final int MAX_THREADS = 4;

	private final Duration firstPatience;

	private final ScheduledThreadPoolExecutor executor = createExecutor();

	private final Map<DataSource, Sampling> samplings = new IdentityHashMap<>();

	/**
	 * Create a sampler.
	 */
	public ClusterSampler() {
		this(FIRST_PATIENCE);
	}

	ClusterSampler(Duration firstPatience) {
		this.firstPatience = firstPatience;
	}

	private static ScheduledThreadPoolExecutor createExecutor() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "migration-guard-sampler");
			thread.setDaemon(true);
			return thread;
		});
		executor.setKeepAliveTime(THREAD_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
		executor.allowCoreThreadTimeOut(true);
		executor.setRemoveOnCancelPolicy(true);
		return executor;
	}

	/**
	 * Ask the databases of some migrators again where the last answer is older than a
	 * second. Waits some milliseconds for the answers, however many there are, and up to
	 * a second for one without which there would be nothing to tell; never twice for a
	 * database that does not answer.
	 * @param migrators the migrators
	 */
	public void refresh(Collection<? extends Migrator> migrators) {
		Set<Sampling> asked = Collections.newSetFromMap(new IdentityHashMap<>());
		migrators.forEach((migrator) -> asked.add(sampling(migrator)));
		asked.forEach(Sampling::refreshIfOld);
		long now = System.nanoTime();
		for (Sampling sampling : asked) {
			try {
				sampling.await(now);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (Exception ex) {
				// The latest sample is as good as it gets
			}
		}
	}

	/**
	 * Return the latest answer.
	 * @param migrator the migrator
	 * @param key the key of its lock
	 * @return the sample, or {@code null} if the first one is not there yet
	 */
	public @Nullable ClusterSample latest(Migrator migrator, LockKey key) {
		return sampling(migrator).latest(key);
	}

	private Sampling sampling(Migrator migrator) {
		synchronized (this.samplings) {
			Sampling sampling = this.samplings.computeIfAbsent(migrator.getDataSource(), Sampling::new);
			this.executor.setCorePoolSize(Math.min(this.samplings.size(), MAX_THREADS));
			return sampling;
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
		synchronized (this.samplings) {
			this.samplings.values().forEach(Sampling::closeIfUnused);
		}
	}

	/**
	 * The server reads locks and names one after the other: one that has just joined may
	 * be seen with its lock and without its name.
	 */
	private static Map<Integer, LockParticipants> readParticipants(Connection connection) throws SQLException {
		Map<Integer, LockParticipants> participants = LockParticipants.readAll(connection, TIMEOUT_SECONDS);
		boolean nameless = participants.values()
			.stream()
			.map(LockParticipants::holder)
			.anyMatch((holder) -> holder != null && holder.guarded() && holder.instance() == null);
		return nameless ? LockParticipants.readAll(connection, TIMEOUT_SECONDS) : participants;
	}

	/**
	 * The sampling of one data source.
	 */
	private final class Sampling {

		private final MonitoringDataSource dataSource;

		private final InvalidIndexSampling invalidIndexes = new InvalidIndexSampling();

		private final ReentrantLock inUse = new ReentrantLock();

		private @Nullable Connection connection;

		private @Nullable Future<?> close;

		private volatile @Nullable Answer latest;

		private volatile Future<?> refresh = CompletableFuture.completedFuture(null);

		private volatile long refreshedAt = System.nanoTime() - MAX_AGE.toNanos();

		private volatile Duration maxAge = MAX_AGE;

		Sampling(DataSource dataSource) {
			this.dataSource = new MonitoringDataSource(dataSource, TIMEOUT_SECONDS);
		}

		@Nullable ClusterSample latest(LockKey key) {
			Answer latest = this.latest;
			return (latest != null && latest.isYoungerThan(FORGET)) ? latest.sample(key) : null;
		}

		synchronized void refreshIfOld() {
			long now = System.nanoTime();
			if (this.refresh.isDone() && now - this.refreshedAt >= this.maxAge.toNanos()) {
				this.refreshedAt = now;
				this.refresh = ClusterSampler.this.executor.submit(this::refresh);
			}
		}

		void await(long now) throws Exception {
			Answer latest = this.latest;
			boolean worthTelling = latest != null && latest.isYoungerThan(WORTH_TELLING);
			long end = worthTelling ? now + PATIENCE.toNanos()
					: this.refreshedAt + ClusterSampler.this.firstPatience.toNanos();
			this.refresh.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
		}

		private void refresh() {
			this.inUse.lock();
			try {
				this.latest = ask();
			}
			catch (SQLException | RuntimeException ex) {
				closeConnection();
				this.latest = new Answer(null, Map.of(), null, SqlFailures.findMessage(ex), Instant.now());
			}
			finally {
				this.inUse.unlock();
			}
		}

		/**
		 * A connection that was kept may have been ended.
		 */
		private Answer ask() throws SQLException {
			Connection kept = this.connection;
			try {
				return askOnce();
			}
			catch (SQLException ex) {
				if (kept == null) {
					throw ex;
				}
				closeConnection();
				return askOnce();
			}
		}

		private Answer askOnce() throws SQLException {
			Connection connection = this.connection;
			if (connection == null) {
				connection = this.dataSource.getConnection();
				this.connection = connection;
			}
			Answer answer = ask(connection);
			if (this.dataSource.isDerived()) {
				keepConnection();
			}
			else {
				closeConnection();
			}
			return answer;
		}

		private void keepConnection() {
			Future<?> close = this.close;
			if (close != null) {
				close.cancel(false);
			}
			this.close = ClusterSampler.this.executor.schedule(this::closeIfUnused, KEEP_CONNECTION.toMillis(),
					TimeUnit.MILLISECONDS);
		}

		private void closeIfUnused() {
			if (this.inUse.tryLock()) {
				try {
					closeConnection();
				}
				finally {
					this.inUse.unlock();
				}
			}
		}

		void closeConnection() {
			Connection connection = this.connection;
			this.connection = null;
			JdbcUtils.closeConnection(connection);
		}

		/**
		 * One query, and one more while somebody migrates. The rare one for the invalid
		 * indexes comes on top while nobody does, and the next time is a second later for
		 * it.
		 */
		private Answer ask(Connection connection) throws SQLException {
			Instant at = Instant.now();
			Map<Integer, LockParticipants> participants = readParticipants(connection);
			Map<Integer, SessionSample> sessions = HolderSamples.read(connection, participants.values(),
					TIMEOUT_SECONDS);
			boolean indexesToo = participants.values().stream().allMatch((each) -> each.holder() == null)
					&& this.invalidIndexes.isOld();
			this.maxAge = indexesToo ? MAX_AGE.multipliedBy(2) : MAX_AGE;
			return new Answer(participants, sessions,
					indexesToo ? this.invalidIndexes.find(connection) : this.invalidIndexes.latest(), null, at);
		}

	}

	/**
	 * The invalid indexes of a database, which change rarely. Used by one thread at a
	 * time.
	 */
	private static final class InvalidIndexSampling {

		private static final Duration MAX_AGE = Duration.ofSeconds(30);

		private @Nullable List<InvalidIndex> latest;

		private long readAt;

		boolean isOld() {
			return this.latest == null || System.nanoTime() - this.readAt >= MAX_AGE.toNanos();
		}

		@Nullable List<InvalidIndex> latest() {
			return this.latest;
		}

		List<InvalidIndex> find(Connection connection) throws SQLException {
			this.readAt = System.nanoTime();
			List<InvalidIndex> found = InvalidIndexes.find(connection, TIMEOUT_SECONDS);
			this.latest = found;
			return found;
		}

	}

	/**
	 * What a database answered about all migrations in it.
	 *
	 * @param participants the participants by the hash of the key, or {@code null}
	 * @param sessions what the sessions of the holders meet, by process id
	 * @param invalidIndexes the invalid indexes of the database, or {@code null}
	 * @param unavailable why the database could not be asked, or {@code null}
	 * @param at when it was asked
	 */
	private record Answer(@Nullable Map<Integer, LockParticipants> participants, Map<Integer, SessionSample> sessions,
			@Nullable List<InvalidIndex> invalidIndexes, @Nullable String unavailable, Instant at) {

		boolean isYoungerThan(Duration age) {
			return this.at.isAfter(Instant.now().minus(age));
		}

		ClusterSample sample(LockKey key) {
			if (this.participants == null) {
				return new ClusterSample(null, null, null, this.unavailable, this.at);
			}
			LockParticipants participants = this.participants.getOrDefault(key.hash(), LockParticipants.NOBODY);
			LockParticipant holder = participants.holder();
			return new ClusterSample(participants, (holder != null) ? this.sessions.get(holder.pid()) : null,
					this.invalidIndexes, null, this.at);
		}

	}

}
