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

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a connection keeps its session of the server. A pooler that pools
 * transactions gives it another one for each transaction, so that an advisory lock is
 * left behind in a session that others use next.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href="https://www.pgbouncer.org/features.html">Features of PgBouncer by pooling
 * mode</a>
 */
public final class SessionAffinity {

	private static final int ROUNDS = 3;

	private static final String BACKEND_PID = "select pg_backend_pid()";

	private SessionAffinity() {
	}

	/**
	 * Look for a proof that a connection does not keep its session: another connection
	 * has a transaction meanwhile, for which a pooler needs a session.
	 * @param connection the connection, in autocommit
	 * @param other another connection of the same kind, in autocommit
	 * @return the proof, or {@code null} if the connection keeps its session
	 * @throws SQLException if the database cannot be asked
	 */
	public static @Nullable String findViolation(Connection connection, Connection other) throws SQLException {
		for (int round = 0; round < ROUNDS; round++) {
			String violation = probe(connection, other);
			if (violation != null) {
				return violation;
			}
		}
		return null;
	}

	/**
	 * The first two questions are for a pooler that gives its sessions out in turn. The
	 * transaction is made of plain statements: those of the driver are prepared under a
	 * name, which would stay in a pooled session.
	 */
	private static @Nullable String probe(Connection connection, Connection other) throws SQLException {
		int before = backendPid(connection);
		String change = change(before, backendPid(connection));
		if (change != null) {
			return change;
		}
		execute(other, "begin");
		String violation = probe(connection, before, backendPid(other));
		execute(other, "rollback");
		return violation;
	}

	/**
	 * Where the other one got our session, ours may wait for its end: it is not asked.
	 */
	private static @Nullable String probe(Connection connection, int before, int other) throws SQLException {
		if (other == before) {
			return "the session with the process id %s of the server was given to another connection".formatted(before);
		}
		return change(before, backendPid(connection));
	}

	private static @Nullable String change(int before, int after) {
		return (after != before)
				? "the connection had the session with the process id %s of the server, then the one with %s"
					.formatted(before, after)
				: null;
	}

	private static int backendPid(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(BACKEND_PID)) {
			row.next();
			return row.getInt(1);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
