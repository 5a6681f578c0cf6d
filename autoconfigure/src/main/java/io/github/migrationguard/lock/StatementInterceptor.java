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

package io.github.migrationguard.lock;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Wraps everything that a migration tool sends over the connections of a
 * {@link MigrationSession}. Called by the thread that uses the connection.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public interface StatementInterceptor {

	/**
	 * Execute a statement.
	 * @param sql the text of the statement, or of several that are sent together
	 * @param execution what executes it, possibly more than once
	 * @return the result of the execution
	 * @throws SQLException if the statement fails
	 */
	@Nullable Object execute(String sql, Execution execution) throws SQLException;

	/**
	 * Execute a batch of several statements.
	 * @param sql the text of the one statement that is executed several times, or of all
	 * @param execution what executes them, possibly more than once
	 * @return the result of the execution
	 * @throws SQLException if one of the statements fails
	 */
	@Nullable Object executeBatch(String sql, Execution execution) throws SQLException;

	/**
	 * Ask the database for what the driver finds out with statements of its own.
	 * @param execution what asks
	 * @return the answer
	 * @throws SQLException if there is none
	 */
	@Nullable Object ask(Execution execution) throws SQLException;

	/**
	 * Called before something is handed out that can send statements past this one.
	 * @throws SQLException if it must not be handed out
	 */
	void bypassed() throws SQLException;

	/**
	 * Called before rows are read or written one by one, for which the server may take
	 * its time.
	 */
	void streaming();

	/**
	 * Called when the time of a statement is limited by the code that executes it, or
	 * when that code cancels it.
	 */
	void limitsTime();

	/**
	 * Return whether the unit may have left constraints to be checked when it is
	 * committed.
	 * @return {@code false} if it has not written any rows
	 */
	boolean mayHaveDeferredChecks();

	/**
	 * Commit.
	 * @param execution what commits
	 * @throws SQLException if the commit fails
	 */
	void commit(Execution execution) throws SQLException;

	/**
	 * Called after a rollback, which takes back settings as well.
	 * @param completely whether the whole transaction was rolled back, and not only what
	 * was done since a savepoint
	 */
	void rolledBack(boolean completely);

	/**
	 * What is executed.
	 */
	@FunctionalInterface
	interface Execution {

		/**
		 * Execute.
		 * @return the result
		 * @throws SQLException if the statement fails
		 */
		@Nullable Object execute() throws SQLException;

	}

}
