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
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

import org.postgresql.PGConnection;

/**
 * A session of somebody else, who may be in the way of a migration.
 *
 * @author Migration Guard
 */
public final class OtherSession implements AutoCloseable {

	private final TestDatabase database;

	private final Connection connection;

	private final int pid;

	private final String backendStart;

	private OtherSession(TestDatabase database, Connection connection) throws SQLException {
		this.database = database;
		this.connection = connection;
		this.pid = connection.unwrap(PGConnection.class).getBackendPID();
		this.backendStart = backendStart();
	}

	/**
	 * Open a session of the role that owns the database.
	 * @param database the database
	 * @param applicationName what it calls itself
	 * @return the session, idle
	 */
	public static OtherSession open(TestDatabase database, String applicationName) {
		return open(database, database.username(), applicationName);
	}

	/**
	 * Open a session.
	 * @param database the database
	 * @param role the role
	 * @param applicationName what it calls itself
	 * @return the session, idle
	 */
	public static OtherSession open(TestDatabase database, String role, String applicationName) {
		Properties properties = new Properties();
		properties.setProperty("user", role);
		properties.setProperty("password", database.password());
		properties.setProperty("ApplicationName", applicationName);
		try {
			return new OtherSession(database, DriverManager.getConnection(database.url(), properties));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Open a session of the superuser, who is refused nothing.
	 * @param database the database
	 * @param applicationName what it calls itself
	 * @return the session, idle
	 */
	public static OtherSession openSuperuser(TestDatabase database, String applicationName) {
		return open(database, "postgres", applicationName);
	}

	/**
	 * Begin a transaction and leave it open.
	 * @param sql the first of its statements
	 * @return this session, idle in its transaction
	 */
	public OtherSession begin(String sql) {
		return execute("begin").execute(sql);
	}

	/**
	 * Let the server end this session when it has been idle in its transaction for too
	 * long.
	 * @param limit for how long it may be
	 * @return this session
	 */
	public OtherSession limitIdleInTransaction(Duration limit) {
		return execute("set idle_in_transaction_session_timeout = %d".formatted(limit.toMillis()));
	}

	/**
	 * Execute a statement.
	 * @param sql the statement
	 * @return this session
	 */
	public OtherSession execute(String sql) {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
			return this;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Execute a statement that takes its time.
	 * @param sql the statement
	 * @return what ends with the statement, also if that fails
	 */
	public CompletableFuture<OtherSession> executeInBackground(String sql) {
		CompletableFuture<OtherSession> execution = CompletableFuture.supplyAsync(() -> execute(sql),
				(task) -> new Thread(task, "other-session").start());
		Awaiting.await("session " + this.pid + " active").until(() -> execution.isDone() || "active".equals(state()));
		return execution;
	}

	/**
	 * End the transaction.
	 */
	public void commit() {
		execute("commit");
	}

	/**
	 * Return the process of the server that serves this session.
	 * @return the process id
	 */
	public int pid() {
		return this.pid;
	}

	/**
	 * Return whether the server still serves this session, and not another one with the
	 * same process id.
	 * @return whether it is alive
	 */
	public boolean isAlive() {
		return this.backendStart.equals(backendStart());
	}

	private String backendStart() {
		return ask("backend_start");
	}

	private String state() {
		return ask("state");
	}

	private String ask(String column) {
		return this.database.superuser()
			.sql("select %s::text from pg_stat_activity where pid = ?".formatted(column))
			.param(this.pid)
			.query(String.class)
			.optional()
			.orElse("");
	}

	/**
	 * End this session, even if it executes a statement.
	 */
	@Override
	public void close() {
		this.database.superuser()
			.sql("select pg_terminate_backend(pid) from pg_stat_activity where pid = ? and backend_start::text = ?")
			.params(this.pid, this.backendStart)
			.query(Boolean.class)
			.optional();
		Awaiting.await("session " + this.pid + " gone").until(() -> !isAlive());
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
