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
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrationguard.lock.LockKey;

/**
 * A session that holds a lock and is none of ours.
 *
 * @author Migration Guard
 */
public final class Stranger implements AutoCloseable {

	private final LockKey key;

	private final Connection connection;

	/**
	 * Take the lock.
	 * @param database the database
	 * @param key the key of the lock
	 * @throws SQLException if the database cannot be asked
	 */
	public Stranger(TestDatabase database, LockKey key) throws SQLException {
		this.key = key;
		this.connection = database.connect();
		execute("select pg_advisory_lock(%d, %d)".formatted(key.namespace(), key.hash()));
	}

	/**
	 * Release the lock and notify the waiters, as a guarded session does.
	 * @throws SQLException if the database cannot be asked
	 */
	public void unlock() throws SQLException {
		execute("select pg_advisory_unlock(%1$d, %2$d), pg_notify('migration_guard_%1$08x_%2$08x', '')"
			.formatted(this.key.namespace(), this.key.hash()));
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
