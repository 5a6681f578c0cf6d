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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.TestDatabase;

/**
 * A migration of the table {@code orders}, and the connection that watches it. Both are
 * of a role without privileges.
 *
 * @author Migration Guard
 */
final class WatchedMigration implements AutoCloseable {

	static final int TIMEOUT_SECONDS = 20;

	private final Connection monitor;

	private final OtherSession session;

	WatchedMigration(TestDatabase database) throws SQLException {
		this(database.connect(), OtherSession.open(database, database.username(), "migration"));
	}

	WatchedMigration(Connection monitor, OtherSession session) {
		this.monitor = monitor;
		this.session = session;
	}

	static void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int primary key, state text)").update();
		database.client().sql("insert into orders select generate_series(1, 10), 'new'").update();
	}

	int pid() {
		return this.session.pid();
	}

	Connection monitor() {
		return this.monitor;
	}

	OtherSession session() {
		return this.session;
	}

	CompletableFuture<Void> alter() {
		return this.session.executeInBackground("alter table orders add column total int");
	}

	/**
	 * Let it wait for somebody.
	 * @return what it meets
	 */
	SessionSample alterAndAwaitBlockers() {
		alter();
		return awaitBlockers();
	}

	SessionSample awaitBlockers() {
		return await((sample) -> !sample.blockers().isEmpty());
	}

	SessionSample await(Predicate<SessionSample> condition) {
		return Awaiting.await("a sample").until(this::sample, condition);
	}

	SessionSample sample() throws SQLException {
		return SessionSampler.sample(this.monitor, this.session.pid(), TIMEOUT_SECONDS);
	}

	List<Blocker> findHolders(LockRequest wanted) throws SQLException {
		return SessionSampler.findHolders(this.monitor, wanted, null, TIMEOUT_SECONDS);
	}

	/**
	 * Give up, and see who would be in the way of the next attempt.
	 */
	List<Blocker> cancelAndFindHolders(LockRequest wanted) throws SQLException {
		this.session.cancel();
		await((sample) -> sample.waitingFor() == null);
		return findHolders(wanted);
	}

	@Override
	public void close() throws SQLException {
		this.session.cancel();
		this.session.close();
		this.monitor.close();
	}

}
