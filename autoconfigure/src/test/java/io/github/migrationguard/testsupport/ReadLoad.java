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

package io.github.migrationguard.testsupport;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The users of a service: sessions that read from a table all the time, and measure how
 * long each read takes.
 *
 * @author Migration Guard
 */
public final class ReadLoad implements AutoCloseable {

	private final List<Connection> connections = new ArrayList<>();

	private final Queue<Read> reads = new ConcurrentLinkedQueue<>();

	private final List<ScheduledFuture<?>> readers = new ArrayList<>();

	private final ScheduledThreadPoolExecutor executor;

	private ReadLoad(int readers) {
		this.executor = new ScheduledThreadPoolExecutor(readers, (task) -> {
			Thread thread = new Thread(task, "reader");
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Start to read.
	 * @param database the database
	 * @param table the table
	 * @param readers how many sessions
	 * @param readsPerSecond how many reads of all of them together
	 * @return the load
	 * @throws SQLException if a session cannot be opened
	 */
	public static ReadLoad start(TestDatabase database, String table, int readers, int readsPerSecond)
			throws SQLException {
		ReadLoad load = new ReadLoad(readers);
		try {
			for (int reader = 0; reader < readers; reader++) {
				load.connections.add(database.connect());
			}
		}
		catch (SQLException ex) {
			load.close();
			throw ex;
		}
		load.start("select count(*) from " + table, TimeUnit.SECONDS.toMicros(1) / readsPerSecond);
		return load;
	}

	private void start(String sql, long period) {
		int count = this.connections.size();
		for (int reader = 0; reader < count; reader++) {
			Connection connection = this.connections.get(reader);
			this.readers.add(this.executor.scheduleWithFixedDelay(() -> read(connection, sql), reader * period,
					count * period, TimeUnit.MICROSECONDS));
		}
	}

	private void read(Connection connection, String sql) {
		long start = System.nanoTime();
		try (PreparedStatement statement = connection.prepareStatement(sql);
				ResultSet result = statement.executeQuery()) {
			result.next();
			this.reads.add(new Read(start, System.nanoTime()));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many reads there were so far.
	 * @return the number of reads
	 */
	public int count() {
		return this.reads.size();
	}

	/**
	 * Stop to read when the reads that are going on are complete.
	 * @return all reads, in the order in which they were started
	 * @throws InterruptedException if interrupted
	 */
	public List<Read> stop() throws InterruptedException {
		this.executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
		assertThat(this.readers).noneMatch(ScheduledFuture::isDone);
		this.executor.shutdown();
		assertThat(this.executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
		return this.reads.stream().sorted().toList();
	}

	@Override
	public void close() throws SQLException {
		this.executor.shutdownNow();
		for (Connection connection : this.connections) {
			connection.close();
		}
	}

	/**
	 * One read.
	 *
	 * @param start when it was started, as of {@link System#nanoTime()}
	 * @param end when it was complete
	 */
	public record Read(long start, long end) implements Comparable<Read> {

		/**
		 * Return how long it took.
		 * @return the nanoseconds
		 */
		public long took() {
			return this.end - this.start;
		}

		@Override
		public int compareTo(Read other) {
			return Long.compare(this.start - other.start, 0);
		}

	}

}
