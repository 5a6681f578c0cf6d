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

package io.github.migrationguard.ddl;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Repairs invalid indexes, or tells about them. PostgreSQL leaves one behind when
 * {@code CREATE INDEX CONCURRENTLY} fails, and takes it for the real one when the
 * statement comes again with {@code IF NOT EXISTS}.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">Building
 * Indexes Concurrently</a>
 */
public final class IndexRepair {

	/**
	 * Whoever builds an index concurrently holds {@code ShareUpdateExclusiveLock} on its
	 * table all the time. Which index that is, is hidden from other roles. A cast to
	 * {@code name} cuts off what is too long just as the statement does.
	 */
	private static final String FIND = """
			select format('%I.%I', n.nspname, c.relname) as index, format('%I.%I', n.nspname, t.relname) as relation,
			  pg_has_role(c.relowner, 'usage') as owned,
			  (select min(l.pid) from pg_locks l join pg_stat_progress_create_index p on p.pid = l.pid
			   where l.locktype = 'relation' and l.relation = t.oid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
			     and l.database = (select oid from pg_database where datname = current_database())
			     and l.pid <> pg_backend_pid() and coalesce(nullif(p.index_relid, 0), c.oid) = c.oid) as builder
			from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
			join pg_namespace n on n.oid = c.relnamespace
			where not i.indisvalid and c.relkind = 'i' and c.relname = ?::name and t.relname = ?::name
			  and case when ?::text is null then pg_table_is_visible(t.oid) else n.nspname = ?::name end""";

	private static final Log logger = LogFactory.getLog(IndexRepair.class);

	private static final String FIND_NAMES = """
			select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
			where not i.indisvalid and c.relkind = 'i'""";

	private final RepairInvalidIndexes setting;

	/**
	 * The names of indexes that may be invalid, or {@code null} if that is not known.
	 */
	private @Nullable Set<String> names;

	/**
	 * Create a new instance.
	 * @param setting which invalid indexes are to be repaired
	 */
	public IndexRepair(RepairInvalidIndexes setting) {
		this.setting = setting;
	}

	/**
	 * Look which indexes are invalid.
	 * @param connection a connection in no transaction
	 */
	public void look(Connection connection) {
		this.names = null;
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(FIND_NAMES)) {
			Set<String> names = new HashSet<>();
			while (rows.next()) {
				names.add(rows.getString(1));
			}
			this.names = names;
		}
		catch (SQLException ex) {
			logger.debug("Could not look for invalid indexes", ex);
		}
	}

	/**
	 * Return whether an invalid index may be in the way of a statement. In a transaction
	 * only those count that are known to be invalid, as nothing is to be asked there.
	 * @param statement the statement
	 * @param inTransaction whether it is executed in a transaction
	 * @return whether to look for one
	 */
	public boolean concerns(DdlStatement statement, boolean inTransaction) {
		CreatedIndex created = statement.createdIndex();
		if (created == null || created.name() == null) {
			return false;
		}
		Set<String> names = this.names;
		boolean concerned = !inTransaction || names == null || names.contains(created.name());
		if (names != null && created.concurrently()) {
			names.add(created.name());
		}
		return concerned;
	}

	/**
	 * Look for an invalid index of the name that a statement wants to give to an index.
	 * If it is one that the unit has left behind itself, it is dropped.
	 * @param connection the connection that executes the statement next
	 * @param statement the statement
	 * @param firstOfUnit whether the unit has changed nothing before
	 * @throws InvalidIndexException if there is one that is not to be repaired
	 * @throws SQLException if the database cannot be asked or the index cannot be dropped
	 */
	public void before(Connection connection, DdlStatement statement, boolean firstOfUnit) throws SQLException {
		CreatedIndex created = statement.createdIndex();
		FoundIndex found = (created != null && created.name() != null) ? find(connection, created) : null;
		if (created != null && found != null) {
			repair(connection, created, found, firstOfUnit);
		}
	}

	/**
	 * Repair every invalid index that the role of the connection owns, if
	 * {@link RepairInvalidIndexes#ALL all} are to be repaired. One that cannot be
	 * repaired is told to the log.
	 * @param connection a connection in autocommit
	 */
	public void repairAll(Connection connection) {
		if (this.setting == RepairInvalidIndexes.ALL) {
			new IndexRebuild(connection).run();
		}
	}

	private @Nullable FoundIndex find(Connection connection, CreatedIndex created) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FIND)) {
			statement.setString(1, created.name());
			statement.setString(2, created.table().name());
			statement.setString(3, created.table().schema());
			statement.setString(4, created.table().schema());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? new FoundIndex(row.getString("index"), row.getString("relation"),
						row.getBoolean("owned"), row.getInt("builder")) : null;
			}
		}
	}

	private void repair(Connection connection, CreatedIndex created, FoundIndex found, boolean firstOfUnit)
			throws SQLException {
		String obstacle = findObstacle(connection, created, found, firstOfUnit);
		if (obstacle != null) {
			throw new InvalidIndexException(found.name(), found.table(), obstacle, found.remedy());
		}
		logger
			.warn("The index %s on %s is invalid, because building it has failed before. It is dropped and built again"
				.formatted(found.name(), found.table()));
		executeWithoutLockTimeout(connection, found.drop());
	}

	/**
	 * Find out why the index is not to be dropped.
	 * @return the reason, or {@code null} if it may be dropped
	 */
	private @Nullable String findObstacle(Connection connection, CreatedIndex created, FoundIndex found,
			boolean firstOfUnit) throws SQLException {
		if (found.isBeingBuilt()) {
			return "the session with pid %s is building it at this moment".formatted(found.builder());
		}
		if (this.setting == RepairInvalidIndexes.NONE) {
			return "'migration-guard.ddl.repair-invalid-indexes' is 'none'";
		}
		if (!found.owned()) {
			return "it belongs to another role";
		}
		if (!created.concurrently() || !connection.getAutoCommit()) {
			return "the statement that creates it does not do so CONCURRENTLY and outside a transaction";
		}
		return (firstOfUnit || created.ifNotExists()) ? null
				: "the statement that creates it is not the first one of its unit and has no IF NOT EXISTS";
	}

	private static void executeWithoutLockTimeout(Connection connection, String sql) throws SQLException {
		try (LockTimeout off = LockTimeout.off(connection); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * An invalid index.
	 *
	 * @param name its quoted, schema-qualified name
	 * @param table the quoted, schema-qualified name of its table
	 * @param owned whether the role may drop it
	 * @param builder the process id of the session that is building it, or 0
	 */
	private record FoundIndex(String name, String table, boolean owned, int builder) {

		boolean isBeingBuilt() {
			return this.builder != 0;
		}

		String drop() {
			return "drop index concurrently " + this.name;
		}

		@Nullable String remedy() {
			return isBeingBuilt() ? null : drop();
		}

	}

}
