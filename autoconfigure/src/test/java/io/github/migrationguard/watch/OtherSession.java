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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.TestDatabase;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A session that does something to a table, or tries to.
 *
 * @author Migration Guard
 */
final class OtherSession implements AutoCloseable {

	private final Connection connection;

	private final int pid;

	private OtherSession(Connection connection) throws SQLException {
		this.connection = connection;
		this.pid = Integer.parseInt(query("select pg_backend_pid()"));
	}

	static OtherSession of(Connection connection) throws SQLException {
		return new OtherSession(connection);
	}

	static OtherSession open(TestDatabase database) throws SQLException {
		return open(database, database.username(), "other");
	}

	static OtherSession open(TestDatabase database, String role, String applicationName) throws SQLException {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.url());
		dataSource.setUser(role);
		dataSource.setPassword(database.password());
		dataSource.setApplicationName(applicationName);
		return of(dataSource.getConnection());
	}

	int pid() {
		return this.pid;
	}

	Connection connection() {
		return this.connection;
	}

	OtherSession begin(String... statements) throws SQLException {
		this.connection.setAutoCommit(false);
		return execute(statements);
	}

	OtherSession execute(String... statements) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
		return this;
	}

	/**
	 * Execute a statement that is going to wait for somebody.
	 */
	CompletableFuture<Void> executeInBackground(String sql) {
		CompletableFuture<Void> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				execute(sql);
				result.complete(null);
			}
			catch (SQLException ex) {
				result.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return result;
	}

	void rollback() throws SQLException {
		this.connection.rollback();
	}

	/**
	 * Cancel what it executes.
	 */
	void cancel() throws SQLException {
		this.connection.unwrap(PGConnection.class).cancelQuery();
	}

	String query(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getString(1);
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
