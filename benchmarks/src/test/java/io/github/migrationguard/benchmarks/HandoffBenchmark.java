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

package io.github.migrationguard.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import io.github.migrationguard.lock.ConnectionSource;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures how long the lock takes from one session to another that waits for it.
 *
 * @author Migration Guard
 */
@State(Scope.Benchmark)
public class HandoffBenchmark {

	private final LockKey key = LockKey.of("\"public\".\"benchmark\"", "public.benchmark");

	private TestDatabase database = TestDatabase.create();

	private MigrationSession holder;

	private MigrationSession waiter;

	/**
	 * Open both sessions.
	 * @throws SQLException if the database cannot be asked
	 */
	@Setup
	public void open() throws SQLException {
		this.holder = session("first");
		this.waiter = session("second");
		this.holder.tryLock();
	}

	private MigrationSession session(String name) throws SQLException {
		MigrationSession session = MigrationSession.open(new Unpooled(this.database));
		session.prepare(this.key, name, Map.of());
		session.listen();
		return session;
	}

	/**
	 * Hand the lock over.
	 * @return since when the other one has it
	 * @throws SQLException if the database cannot be asked
	 */
	@Benchmark
	public Object handoff() throws SQLException {
		this.holder.unlock();
		Object since = null;
		while (since == null) {
			this.waiter.awaitRelease(Duration.ofSeconds(1));
			since = this.waiter.tryLock();
		}
		MigrationSession former = this.holder;
		this.holder = this.waiter;
		this.waiter = former;
		return since;
	}

	/**
	 * Close both sessions.
	 */
	@TearDown
	public void close() {
		this.holder.close();
		this.waiter.close();
		this.database.drop();
	}

	private record Unpooled(TestDatabase database) implements ConnectionSource {

		@Override
		public Connection borrow() throws SQLException {
			return this.database.connect();
		}

		@Override
		public void giveBack(Connection connection) throws SQLException {
			connection.close();
		}

		@Override
		public boolean discard(Connection connection) {
			return false;
		}

	}

}
