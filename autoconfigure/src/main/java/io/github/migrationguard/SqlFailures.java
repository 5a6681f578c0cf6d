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

package io.github.migrationguard;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Tells failures of the database apart by their SQLSTATE, wherever the tools and pools
 * have buried it.
 *
 * @author Migration Guard
 * @see <a href=
 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error
 * Codes</a>
 */
final class SqlFailures {

	private static final Set<String> NOT_THERE_YET = Set.of("53300", "53400", "57P01", "57P02", "57P03");

	private static final Set<String> NO_SUCH_FUNCTION = Set.of("42883", "0A000");

	/**
	 * What a pooler will not accept at the next attempt either.
	 */
	private static final List<String> REFUSED_BY_POOLER = List.of("unsupported startup parameter",
			"password authentication failed", "no such user", "no such database", "statement pooling mode");

	private static final Set<String> CREATED_BY_ANOTHER = Set.of("42P07", "42710", "23505", "42P06");

	/**
	 * A prepared statement of another connection, or none where there was one: the
	 * session is not the one it was, if it is a statement of the driver and not one that
	 * a script has prepared.
	 */
	private static final Set<String> OTHER_SESSION = Set.of("42P05", "26000");

	private static final Pattern DRIVER_STATEMENT = Pattern.compile("\\bS_\\d|\\bPGBOUNCER_\\d|unnamed");

	private SqlFailures() {
	}

	/**
	 * Find the SQLSTATE that is nearest to the root of a failure.
	 */
	static @Nullable String findSqlState(@Nullable Throwable failure) {
		SQLException found = findSqlException(failure);
		return (found != null) ? found.getSQLState() : null;
	}

	private static @Nullable SQLException findSqlException(@Nullable Throwable failure) {
		SQLException found = null;
		for (Throwable cause = failure; cause != null; cause = nextCause(cause)) {
			if (cause instanceof SQLException ex && ex.getSQLState() != null) {
				found = ex;
			}
		}
		return found;
	}

	/**
	 * Find the message that says most: the one of the database, else the one nearest to
	 * the root. Without the secrets of URLs, which drivers and pools write into it.
	 */
	static String findMessage(Throwable failure) {
		return JdbcUrls.withoutSecretsIn(findRawMessage(failure));
	}

	private static String findRawMessage(Throwable failure) {
		SQLException found = findSqlException(failure);
		if (found != null) {
			return String.valueOf(found.getMessage());
		}
		Throwable root = failure;
		for (Throwable cause = failure; cause != null; cause = nextCause(cause)) {
			root = (cause.getMessage() != null) ? cause : root;
		}
		return String.valueOf(root.getMessage());
	}

	private static @Nullable Throwable nextCause(Throwable failure) {
		Throwable cause = failure.getCause();
		return (cause != failure) ? cause : null;
	}

	static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = nextCause(cause)) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

	static boolean isCausedBy(Throwable failure, Throwable cause) {
		for (Throwable found = failure; found != null; found = nextCause(found)) {
			if (found == cause) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A server that is starting, stopping, out of connection slots or cannot be reached.
	 * Poolers use the SQLSTATE of such failures for what will not go away, too.
	 */
	static boolean isNotThereYet(Throwable failure) {
		String sqlState = findSqlState(failure);
		return sqlState != null && (sqlState.startsWith("08") || NOT_THERE_YET.contains(sqlState))
				&& !isRefusedByPooler(failure);
	}

	/**
	 * Find the message of a failure that only happens if a pooler pools transactions or
	 * statements, provided that no migration was running.
	 */
	static @Nullable String findProofOfPooling(Throwable failure) {
		String sqlState = findSqlState(failure);
		String message = findMessage(failure);
		boolean proof = sqlState != null
				&& ((OTHER_SESSION.contains(sqlState) && DRIVER_STATEMENT.matcher(message).find())
						|| (sqlState.startsWith("08") && message.contains("statement pooling mode")));
		return proof ? message : null;
	}

	/**
	 * A database that has not got the functions, or refuses to execute them.
	 */
	static boolean isAdvisoryLockMissing(Throwable failure) {
		String sqlState = findSqlState(failure);
		return sqlState != null && NO_SUCH_FUNCTION.contains(sqlState) && findMessage(failure).contains("advisory");
	}

	/**
	 * Two instances, at least one of them not guarded, created the tool's own tables at
	 * once.
	 */
	static boolean isCreatedByAnother(Throwable failure) {
		String sqlState = findSqlState(failure);
		return sqlState != null && CREATED_BY_ANOTHER.contains(sqlState);
	}

	/**
	 * Nobody has answered, not even with a refusal. A pooler that has nothing left
	 * answers with a violation of the protocol.
	 */
	static boolean isUnreachable(Throwable failure) {
		String sqlState = findSqlState(failure);
		return sqlState == null || (sqlState.startsWith("08") && !sqlState.equals("08P01"));
	}

	/**
	 * There was a session and there is none any more, and a new one may be had.
	 */
	static boolean isSessionLost(Throwable failure) {
		return isConnectionLost(failure) && !isRefusedByPooler(failure);
	}

	private static boolean isRefusedByPooler(Throwable failure) {
		return REFUSED_BY_POOLER.stream().anyMatch(findMessage(failure)::contains);
	}

	static boolean isConnectionLost(Throwable failure) {
		String sqlState = findSqlState(failure);
		return sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("57P"));
	}

}
