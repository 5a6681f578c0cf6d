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

package io.github.migrationguard.stock;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A session that holds something until it has blocked another one for a second, or until
 * that has given up waiting.
 *
 * @author Migration Guard
 */
final class Blocker implements AutoCloseable {

	private static final String BLOCKED = """
			select clock_timestamp() - waitstart > interval '1s' from pg_locks
			where not granted and waitstart is not null and ? = any (pg_blocking_pids(pid))""";

	private final OtherSession session;

	private final SingleConnectionDataSource dataSource;

	private final Thread thread;

	private volatile boolean over;

	private boolean seen;

	private Blocker(TestDatabase database, String sql) {
		this.session = OtherSession.open(database, "blocker").begin(sql);
		this.dataSource = new SingleConnectionDataSource(connect(database), true);
		this.thread = new Thread(this::hold, "blocker");
		this.thread.start();
	}

	private static Connection connect(TestDatabase database) {
		try {
			return database.connect();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Blocker start(TestDatabase database, String sql) {
		return new Blocker(database, sql);
	}

	private void hold() {
		Awaiting.await("somebody who has waited").until(() -> this.over || hasBlocked());
		this.session.commit();
	}

	private boolean hasBlocked() {
		List<Boolean> blocked = JdbcClient.create(this.dataSource)
			.sql(BLOCKED)
			.param(this.session.pid())
			.query(Boolean.class)
			.list();
		boolean gone = this.seen && blocked.isEmpty();
		this.seen |= !blocked.isEmpty();
		return gone || blocked.contains(true);
	}

	@Override
	public void close() {
		this.over = true;
		Awaiting.await("the end of the blocker").until(() -> !this.thread.isAlive());
		this.session.close();
		this.dataSource.destroy();
	}

}
