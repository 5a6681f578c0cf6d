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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether an advisory lock that is held keeps others out. Some databases that
 * speak PostgreSQL's protocol have the functions, but not the locks.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class LockSelfTest {

	private static final String TRY_LOCK = "select pg_is_in_recovery() or not pg_try_advisory_lock(?, ?)";

	private static final String UNLOCK = "select pg_advisory_unlock(?, ?)";

	/**
	 * A standby has locks of its own, which tell nothing about those of its primary.
	 */
	private static final String COUNT = """
			select pg_is_in_recovery() or count(*) = 1 from pg_locks
			where locktype = 'advisory' and granted and mode = 'ExclusiveLock'
			  and database = (select oid from pg_database where datname = current_database())
			  and classid::bigint = ? and objid::bigint = ? and objsubid = 2""";

	private LockSelfTest() {
	}

	/**
	 * Look for a defect of a lock that is held.
	 * @param key the key of the lock
	 * @param other another connection to the database than the one that holds the lock
	 * @return the defect, or {@code null} if the lock does what it should
	 * @throws SQLException if the database cannot be asked
	 */
	public static @Nullable String findDefect(LockKey key, Connection other) throws SQLException {
		if (!isKeptOut(key, other)) {
			unlock(key, other);
			return "a second connection got the advisory lock, too";
		}
		return isVisible(key, other) ? null : "pg_locks does not show the advisory lock";
	}

	private static boolean isKeptOut(LockKey key, Connection other) throws SQLException {
		try (PreparedStatement statement = other.prepareStatement(TRY_LOCK)) {
			statement.setInt(1, key.namespace());
			statement.setInt(2, key.hash());
			return isTrue(statement);
		}
	}

	/**
	 * Behind a pooler the session outlives the connection.
	 */
	private static void unlock(LockKey key, Connection other) throws SQLException {
		try (PreparedStatement statement = other.prepareStatement(UNLOCK)) {
			statement.setInt(1, key.namespace());
			statement.setInt(2, key.hash());
			statement.execute();
		}
	}

	private static boolean isVisible(LockKey key, Connection other) throws SQLException {
		try (PreparedStatement statement = other.prepareStatement(COUNT)) {
			statement.setLong(1, key.namespace());
			statement.setLong(2, Integer.toUnsignedLong(key.hash()));
			return isTrue(statement);
		}
	}

	private static boolean isTrue(PreparedStatement statement) throws SQLException {
		try (ResultSet row = statement.executeQuery()) {
			row.next();
			return row.getBoolean(1);
		}
	}

}
