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
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipants;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Asks the database who takes part in a migration's lock: only when somebody wants to
 * know, at most once a second and migrator, in the background and on a short connection
 * of its own. Its thread ends when nobody asked for some seconds.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class ClusterSampler implements AutoCloseable {

	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofMillis(60);

	private static final int TIMEOUT_SECONDS = 5;

	private static final Duration THREAD_KEEP_ALIVE = Duration.ofSeconds(5);

	private final ExecutorService executor = createExecutor();

	private final Map<String, Sampling> samplings = new ConcurrentHashMap<>();

	private static ExecutorService createExecutor() {
		ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, THREAD_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, "migration-guard-sampler");
					thread.setDaemon(true);
					return thread;
				});
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

	/**
	 * Return the latest sample, refreshed if it is older than a second. Waits some
	 * milliseconds for the refresh, never for a database that does not answer.
	 * @param migrator the migrator
	 * @param key the key of its lock
	 * @return the sample, or {@code null} if the first one is not there yet
	 */
	public @Nullable ClusterSample sample(Migrator migrator, LockKey key) {
		return this.samplings.computeIfAbsent(migrator.getName(), (name) -> new Sampling(migrator)).sample(key);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * A data source without a pool, so that monitoring works when the pool has nothing
	 * left, with time limits. The tool's own one where none can be derived.
	 */
	private static DataSource monitoringDataSource(DataSource dataSource) {
		try {
			SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(dataSource)
				.type(SimpleDriverDataSource.class)
				.build();
			Properties properties = new Properties();
			properties.setProperty("ApplicationName", "migration-guard");
			properties.setProperty("connectTimeout", String.valueOf(TIMEOUT_SECONDS));
			properties.setProperty("socketTimeout", String.valueOf(2 * TIMEOUT_SECONDS));
			derived.setConnectionProperties(properties);
			return derived;
		}
		catch (RuntimeException ex) {
			return dataSource;
		}
	}

	/**
	 * The sampling of one migrator.
	 */
	private final class Sampling {

		private final DataSource dataSource;

		private volatile @Nullable ClusterSample latest;

		private @Nullable Future<?> refresh;

		private long refreshedAt;

		Sampling(Migrator migrator) {
			this.dataSource = monitoringDataSource(migrator.getDataSource());
		}

		@Nullable ClusterSample sample(LockKey key) {
			Future<?> refresh = refreshIfOld(key);
			try {
				refresh.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (Exception ex) {
				// The latest sample is as good as it gets
			}
			return this.latest;
		}

		private synchronized Future<?> refreshIfOld(LockKey key) {
			Future<?> refresh = this.refresh;
			long now = System.nanoTime();
			if (refresh == null || (refresh.isDone() && now - this.refreshedAt >= MAX_AGE.toNanos())) {
				this.refreshedAt = now;
				refresh = ClusterSampler.this.executor.submit(() -> refresh(key));
				this.refresh = refresh;
			}
			return refresh;
		}

		private void refresh(LockKey key) {
			try (Connection connection = this.dataSource.getConnection()) {
				LockParticipants participants = LockParticipants.read(connection, key, TIMEOUT_SECONDS);
				this.latest = new ClusterSample(participants, null, Instant.now());
			}
			catch (SQLException | RuntimeException ex) {
				this.latest = new ClusterSample(null, SqlFailures.findMessage(ex), Instant.now());
			}
		}

	}

}
