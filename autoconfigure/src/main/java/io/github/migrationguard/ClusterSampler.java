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
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.InvalidIndexes;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * Asks databases who takes part in the locks of their migrations: only when somebody
 * wants to know, at most once a second and data source (one query tells about all
 * migrations there), in the background and on a short connection of its own. Its threads
 * end when nobody asked for some seconds.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class ClusterSampler implements AutoCloseable {

	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofMillis(60);

	private static final int TIMEOUT_SECONDS = 5;

	private static final Duration THREAD_KEEP_ALIVE = Duration.ofSeconds(5);

	/**
	 * A database that does not answer must not keep the others from being asked.
	 */
	private static final int MAX_THREADS = 4;

	private final ThreadPoolExecutor executor = createExecutor();

	private final Map<DataSource, Sampling> samplings = new IdentityHashMap<>();

	private static ThreadPoolExecutor createExecutor() {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, MAX_THREADS, THREAD_KEEP_ALIVE.toMillis(),
				TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, "migration-guard-sampler");
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	/**
	 * Ask the databases of some migrators again where the last answer is older than a
	 * second. Waits some milliseconds for the answers, however many there are, never for
	 * a database that does not answer.
	 * @param migrators the migrators
	 */
	public void refresh(Collection<? extends Migrator> migrators) {
		Set<Sampling> asked = Collections.newSetFromMap(new IdentityHashMap<>());
		migrators.forEach((migrator) -> asked.add(sampling(migrator)));
		List<Future<?>> answers = asked.stream().<Future<?>>map(Sampling::refreshIfOld).toList();
		long end = System.nanoTime() + PATIENCE.toNanos();
		for (Future<?> answer : answers) {
			try {
				answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
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
	}

	/**
	 * The sampling of one data source.
	 */
	private final class Sampling {

		private final DataSource dataSource;

		private final InvalidIndexSampling invalidIndexes = new InvalidIndexSampling();

		private volatile @Nullable Answer latest;

		private @Nullable Future<?> refresh;

		private long refreshedAt;

		private volatile Duration maxAge = MAX_AGE;

		Sampling(DataSource dataSource) {
			this.dataSource = new MonitoringDataSource(dataSource, TIMEOUT_SECONDS);
		}

		@Nullable ClusterSample latest(LockKey key) {
			Answer latest = this.latest;
			return (latest != null) ? latest.sample(key) : null;
		}

		synchronized Future<?> refreshIfOld() {
			Future<?> refresh = this.refresh;
			long now = System.nanoTime();
			if (refresh == null || (refresh.isDone() && now - this.refreshedAt >= this.maxAge.toNanos())) {
				this.refreshedAt = now;
				refresh = ClusterSampler.this.executor.submit(this::refresh);
				this.refresh = refresh;
			}
			return refresh;
		}

		private void refresh() {
			try (Connection connection = this.dataSource.getConnection()) {
				this.latest = ask(connection);
			}
			catch (SQLException | RuntimeException ex) {
				this.latest = new Answer(null, Map.of(), null, SqlFailures.findMessage(ex), Instant.now());
			}
		}

		/**
		 * One query, and one more while somebody migrates. The rare one for the invalid
		 * indexes comes on top while nobody does, and the next time is a second later for
		 * it.
		 */
		private Answer ask(Connection connection) throws SQLException {
			Instant at = Instant.now();
			Map<Integer, LockParticipants> participants = LockParticipants.readAll(connection, TIMEOUT_SECONDS);
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
