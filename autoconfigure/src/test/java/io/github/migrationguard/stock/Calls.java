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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What the code of an input has been called for, in which order, and what it has seen.
 *
 * @author Migration Guard
 */
public final class Calls {

	/**
	 * What is set on the starting thread before the start.
	 */
	public static final ThreadLocal<String> CALLER = new ThreadLocal<>();

	private static final String SESSION = """
			select format('%s as %s in %s, %s, read only %s, %s', session_user, current_user,
			  current_setting('search_path'), current_setting('transaction_isolation'),
			  current_setting('transaction_read_only'),
			  case when pg_current_xact_id_if_assigned() is null then 'nothing written' else 'something written' end)""";

	private static volatile Calls current = new Calls(false, Calls.class.getClassLoader());

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final boolean threads;

	private final ClassLoader classLoader;

	private Calls(boolean threads, ClassLoader classLoader) {
		this.threads = threads;
		this.classLoader = classLoader;
	}

	static void begin(boolean threads, ClassLoader classLoader) {
		current = new Calls(threads, classLoader);
	}

	static List<String> end() {
		return current.calls;
	}

	/**
	 * Tell that something has happened.
	 * @param call what was called, and what it has seen
	 */
	public static void record(String call) {
		current.add(call);
	}

	/**
	 * Tell that something has happened, and the state of a connection. Its transaction is
	 * asked for something, which a failed one refuses.
	 * @param call what was called, and what it has seen
	 * @param connection a connection that it was given
	 */
	public static void record(String call, Connection connection) {
		record(call + " with " + describe(connection));
	}

	private static String describe(Connection connection) {
		try {
			if (connection.isClosed()) {
				return "a closed connection";
			}
			return (connection.getAutoCommit() ? "autocommit, " : "a transaction, ") + session(connection);
		}
		catch (SQLException ex) {
			return "a connection that fails with " + ex.getSQLState();
		}
	}

	private static String session(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(SESSION)) {
			result.next();
			return result.getString(1);
		}
	}

	private void add(String call) {
		this.calls.add(this.threads ? call + thread() : call);
	}

	private String thread() {
		return ", on %s with %s class loader%s".formatted(
				(CALLER.get() != null) ? "the starting thread" : "another thread",
				(Thread.currentThread().getContextClassLoader() == this.classLoader) ? "its" : "another",
				TransactionSynchronizationManager.isActualTransactionActive() ? " in a transaction of Spring" : "");
	}

}
