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

package io.github.migrationguard.flyway;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;

import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.ToolLock;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's own advisory lock. It is one number, whether Flyway takes it for a transaction
 * or for a session, so instances that are not guarded are excluded either way.
 *
 * @author Migration Guard
 */
final class FlywayLock {

	/**
	 * The letters "Flyway", as in Flyway's {@code PostgreSQLAdvisoryLockTemplate}.
	 */
	private static final long MAGIC = 0x466C79776179L;

	/**
	 * When the lock was taken is not known to the server: the transaction that holds it
	 * is as old at least.
	 */
	private static final String FIND = """
			select l.pid, a.application_name, a.usename, a.xact_start
			from pg_locks l left join pg_stat_activity a on a.pid = l.pid
			where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.pid <> pg_backend_pid()
			  and l.database = (select oid from pg_database where datname = current_database())
			  and (l.classid::bigint << 32) + l.objid::bigint = ?""";

	private static final String TRY_LOCK = "select pg_try_advisory_lock(?)";

	private static final String UNLOCK = "select pg_advisory_unlock(?)";

	private static final String REMEDY = "select pg_terminate_backend(%s)";

	private final String table;

	private final long key;

	FlywayLock(MigrationTarget target) {
		this.table = target.lockName();
		this.key = MAGIC + target.lockIdentity().hashCode();
	}

	/**
	 * Find another session that holds the lock.
	 */
	@Nullable ToolLock findForeign(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FIND)) {
			statement.setLong(1, this.key);
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? toolLock(row) : null;
			}
		}
	}

	private ToolLock toolLock(ResultSet row) throws SQLException {
		int pid = row.getInt(1);
		OffsetDateTime since = row.getObject(4, OffsetDateTime.class);
		return new ToolLock(this.table, "%s (pid %s, user %s)".formatted(row.getString(2), pid, row.getString(3)),
				(since != null) ? since.toInstant() : null, REMEDY.formatted(pid));
	}

	boolean tryLock(Connection connection) throws SQLException {
		return execute(connection, TRY_LOCK);
	}

	boolean unlock(Connection connection) throws SQLException {
		return execute(connection, UNLOCK);
	}

	private boolean execute(Connection connection, String sql) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setLong(1, this.key);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

}
