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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Ends what is in the way of a migration, or the statement that it executes. One
 * statement checks that it still is the same transaction of the same session, and, if it
 * was idle, that it still is.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL">Server
 * Signaling Functions</a>
 */
public final class BlockerEnding {

	private static final String CONDITION = """
			from pg_stat_activity a where a.pid = ?
			 and exists (select from pg_locks l where l.pid = a.pid and l.virtualtransaction = ?)
			 and (not ? or (a.state like 'idle in transaction%'
			   and clock_timestamp() - a.state_change >= make_interval(secs => ?)))""";

	private static final String CANCEL = "select pg_cancel_backend(a.pid)" + CONDITION;

	private static final String TERMINATE = "select pg_terminate_backend(a.pid)" + CONDITION;

	private static final String REFUSED = "%s. A superuser allows it with 'grant pg_signal_backend to %s', except for"
			+ " sessions of superusers";

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private BlockerEnding() {
	}

	/**
	 * Cancel the statement that a blocker executes.
	 * @param connection a connection in autocommit mode
	 * @param blocker the blocker
	 * @param idleFor for how long it must have been idle, if it is
	 * @param timeoutSeconds after how many seconds the statement is given up
	 * @return what has become of it
	 * @throws SQLException if the database cannot be asked
	 */
	static Result cancel(Connection connection, Blocker blocker, Duration idleFor, int timeoutSeconds)
			throws SQLException {
		return execute(connection, CANCEL, blocker, idleFor, timeoutSeconds);
	}

	/**
	 * End the session of a blocker.
	 * @param connection a connection in autocommit mode
	 * @param blocker the blocker
	 * @param idleFor for how long it must have been idle, if it is
	 * @param timeoutSeconds after how many seconds the statement is given up
	 * @return what has become of it
	 * @throws SQLException if the database cannot be asked
	 */
	static Result terminate(Connection connection, Blocker blocker, Duration idleFor, int timeoutSeconds)
			throws SQLException {
		return execute(connection, TERMINATE, blocker, idleFor, timeoutSeconds);
	}

	/**
	 * End the session of a blocker.
	 * @param connection a connection in autocommit mode
	 * @param blocker the blocker
	 * @param timeoutSeconds after how many seconds the statement is given up
	 * @return what has become of it
	 * @throws SQLException if the database cannot be asked
	 */
	public static Result terminate(Connection connection, Blocker blocker, int timeoutSeconds) throws SQLException {
		return terminate(connection, blocker, Duration.ZERO, timeoutSeconds);
	}

	private static Result execute(Connection connection, String sql, Blocker blocker, Duration idleFor,
			int timeoutSeconds) throws SQLException {
		if (blocker.pid() == null || blocker.transaction() == null) {
			return Result.GONE;
		}
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setQueryTimeout(timeoutSeconds);
			statement.setInt(1, blocker.pid());
			statement.setString(2, blocker.transaction());
			statement.setBoolean(3, blocker.kind() == BlockerKind.IDLE_IN_TRANSACTION);
			statement.setDouble(4, idleFor.toMillis() / 1000.0);
			try (ResultSet row = statement.executeQuery()) {
				return (row.next() && row.getBoolean(1)) ? Result.ENDED : Result.GONE;
			}
		}
		catch (SQLException ex) {
			if (INSUFFICIENT_PRIVILEGE.equals(ex.getSQLState())) {
				return new Result(Outcome.REFUSED, REFUSED.formatted(singleLine(ex), currentUser(connection)));
			}
			throw ex;
		}
	}

	private static String singleLine(SQLException refusal) {
		return String.valueOf(refusal.getMessage()).replaceAll("\\s+", " ").replaceAll("\\.$", "");
	}

	private static String currentUser(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("select quote_ident(current_user)")) {
			row.next();
			return row.getString(1);
		}
	}

	/**
	 * What has become of it.
	 */
	public enum Outcome {

		/**
		 * It was ended.
		 */
		ENDED,

		/**
		 * It is not there any more, or not in that transaction.
		 */
		GONE,

		/**
		 * The role may not end it.
		 */
		REFUSED

	}

	/**
	 * What has become of it, and why.
	 *
	 * @param outcome what has become of it
	 * @param reason why it was refused, in the words of the server, and what would allow
	 * it, or {@code null}
	 */
	public record Result(Outcome outcome, @Nullable String reason) {

		static final Result ENDED = new Result(Outcome.ENDED, null);

		static final Result GONE = new Result(Outcome.GONE, null);

	}

}
