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

package io.github.migrationguard.liquibase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;

import io.github.migrationguard.ToolLock;
import org.jspecify.annotations.Nullable;

/**
 * The row of DATABASECHANGELOGLOCK, by which Liquibase itself keeps instances apart. It
 * is kept honoured, so that instances without this library and the command line exclude
 * us and we them. A row that a dead guarded instance left behind is recognized by its
 * {@link LockMarker}. Whoever takes it over does so in one statement that changes nothing
 * if somebody else was faster: instances with different lock keys may try it at once.
 *
 * @author Migration Guard
 */
final class ChangelogLock {

	private static final String TABLE_EXISTS = "select to_regclass(?) is not null";

	private static final String HAS_ROW = "select exists (select from %s)";

	private static final String FIND = "select lockedby, lockgranted::timestamptz from %s where id = 1 and locked";

	private static final String ACQUIRE = """
			update %s set locked = true, lockgranted = now(), lockedby = ?
			where id = 1 and (not locked or lockedby = ?)""";

	private static final String RELEASE = "update %s set locked = false, lockgranted = null, lockedby = null where id = 1";

	private static final String RELEASE_STALE = RELEASE + " and lockedby = ?";

	private final String table;

	private final String identifier;

	/**
	 * Create the lock.
	 * @param table the readable name of the table
	 * @param identifier the quoted identifier of the table
	 */
	ChangelogLock(String table, String identifier) {
		this.table = table;
		this.identifier = identifier;
	}

	/**
	 * Return whether the table is there and has its row.
	 */
	boolean isInitialized(Connection connection) throws SQLException {
		if (!exists(connection)) {
			return false;
		}
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(HAS_ROW.formatted(this.identifier))) {
			row.next();
			return row.getBoolean(1);
		}
	}

	/**
	 * Find a lock that somebody holds who is alive or who cannot be told to be dead.
	 */
	@Nullable ToolLock findForeign(Connection connection) throws SQLException {
		Row row = find(connection);
		if (row == null || row.isLeftBehind(connection)) {
			return null;
		}
		return new ToolLock(this.table, row.lockedBy(), row.since(), RELEASE.formatted(this.identifier));
	}

	/**
	 * Take the lock in one statement, from a dead guarded instance too.
	 * @return whether it is ours
	 */
	boolean acquire(Connection connection, LockMarker marker) throws SQLException {
		Row row = find(connection);
		String leftBehind = (row != null && row.isLeftBehind(connection)) ? row.lockedBy() : null;
		try (PreparedStatement statement = connection.prepareStatement(ACQUIRE.formatted(this.identifier))) {
			statement.setString(1, marker.toString());
			statement.setString(2, leftBehind);
			return statement.executeUpdate() == 1;
		}
	}

	/**
	 * Release the lock if a dead guarded instance has left it behind.
	 * @return whether there was one
	 */
	boolean releaseLeftBehind(Connection connection) throws SQLException {
		Row row = find(connection);
		if (row == null || !row.isLeftBehind(connection)) {
			return false;
		}
		try (PreparedStatement statement = connection.prepareStatement(RELEASE_STALE.formatted(this.identifier))) {
			statement.setString(1, row.lockedBy());
			return statement.executeUpdate() == 1;
		}
	}

	private @Nullable Row find(Connection connection) throws SQLException {
		if (!exists(connection)) {
			return null;
		}
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(FIND.formatted(this.identifier))) {
			if (!row.next()) {
				return null;
			}
			OffsetDateTime since = row.getObject(2, OffsetDateTime.class);
			return new Row(row.getString(1), (since != null) ? since.toInstant() : null);
		}
	}

	private boolean exists(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(TABLE_EXISTS)) {
			statement.setString(1, this.identifier);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	private record Row(@Nullable String lockedBy, @Nullable Instant since) {

		boolean isLeftBehind(Connection connection) throws SQLException {
			LockMarker marker = LockMarker.parse(this.lockedBy);
			return marker != null && !marker.isAlive(connection);
		}

	}

}
