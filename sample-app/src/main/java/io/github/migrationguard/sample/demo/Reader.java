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

package io.github.migrationguard.sample.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * Reads one order after the other, and remembers how long that took.
 *
 * @author Migration Guard
 */
class Reader implements Runnable, AutoCloseable {

	private static final String READ = "select count(*) from orders where id = ?";

	private static final Duration SLOW = Duration.ofMillis(100);

	private final Connection connection;

	private volatile long startedAt;

	private volatile Readings readings = Readings.NONE;

	Reader(Connection connection) {
		this.connection = connection;
	}

	/**
	 * Read once.
	 */
	@Override
	public void run() {
		this.startedAt = System.nanoTime();
		try (PreparedStatement statement = this.connection.prepareStatement(READ)) {
			statement.setLong(1, 1 + this.readings.count() % 300);
			statement.execute();
			this.readings = readings();
		}
		catch (SQLException ex) {
			// The demonstration is over
		}
		finally {
			this.startedAt = 0;
		}
	}

	/**
	 * Return what was measured, the read that is going on included.
	 * @return the readings
	 */
	Readings readings() {
		long startedAt = this.startedAt;
		if (startedAt == 0) {
			return this.readings;
		}
		Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
		return this.readings.and(new Readings(1, (took.compareTo(SLOW) > 0) ? 1 : 0, took));
	}

	@Override
	public void close() {
		JdbcUtils.closeConnection(this.connection);
	}

	/**
	 * What reads took.
	 *
	 * @param count how many there were
	 * @param slow how many of them took longer than most people notice
	 * @param longest how long the longest one took
	 */
	record Readings(long count, long slow, Duration longest) {

		static final Readings NONE = new Readings(0, 0, Duration.ZERO);

		Readings and(Readings other) {
			return new Readings(this.count + other.count, this.slow + other.slow,
					(this.longest.compareTo(other.longest) > 0) ? this.longest : other.longest);
		}

	}

}
