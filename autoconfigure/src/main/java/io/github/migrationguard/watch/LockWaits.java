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
import java.time.Duration;

/**
 * Ends the wait of a session for a lock, and tells after how long the server looks at it
 * itself.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class LockWaits {

	/**
	 * One statement, so that nothing but a wait for this very lock is cancelled.
	 */
	private static final String CANCEL = """
			select pg_cancel_backend(pid) from pg_locks
			where pid = ? and not granted and locktype = ? and mode = ?
			  and relation::text is not distinct from ? and transactionid::text is not distinct from ?
			limit 1""";

	private static final String DEADLOCK_TIMEOUT = """
			select setting::bigint from pg_settings where name = 'deadlock_timeout'""";

	private static final String STANDBY = "select pg_is_in_recovery()";

	private LockWaits() {
	}

	/**
	 * Cancel the statement of a session if it still waits for a lock.
	 * @param connection a connection of the same role
	 * @param pid the process id of the session
	 * @param waitingFor what it waited for
	 * @param timeoutSeconds after how many seconds the statement is given up
	 * @return whether a cancel was sent
	 * @throws SQLException if the database cannot be asked
	 */
	public static boolean cancel(Connection connection, int pid, LockRequest waitingFor, int timeoutSeconds)
			throws SQLException {
		LockRequest.Target target = waitingFor.target();
		try (PreparedStatement statement = connection.prepareStatement(CANCEL)) {
			statement.setQueryTimeout(timeoutSeconds);
			statement.setInt(1, pid);
			statement.setString(2, target.type());
			statement.setString(3, waitingFor.mode());
			statement.setString(4, target.relation());
			statement.setString(5, target.transaction());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() && row.getBoolean(1);
			}
		}
	}

	/**
	 * Return after how long a wait the server looks for deadlocks, and cancels an
	 * autovacuum that is in the way.
	 * @param connection a connection
	 * @param timeoutSeconds after how many seconds the statement is given up
	 * @return its {@code deadlock_timeout}
	 * @throws SQLException if the database cannot be asked
	 * @see <a href=
	 * "https://www.postgresql.org/docs/current/runtime-config-locks.html#GUC-DEADLOCK-TIMEOUT">deadlock_timeout</a>
	 */
	public static Duration deadlockTimeout(Connection connection, int timeoutSeconds) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(DEADLOCK_TIMEOUT)) {
			statement.setQueryTimeout(timeoutSeconds);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return Duration.ofMillis(row.getLong(1));
			}
		}
	}

	/**
	 * Return whether the server is a standby, on which nobody migrates.
	 * @param connection a connection
	 * @param timeoutSeconds after how many seconds the statement is given up
	 * @return whether it is one
	 * @throws SQLException if the database cannot be asked
	 */
	public static boolean isStandby(Connection connection, int timeoutSeconds) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(STANDBY)) {
			statement.setQueryTimeout(timeoutSeconds);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

}
