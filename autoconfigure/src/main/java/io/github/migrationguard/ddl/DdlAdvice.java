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
 * Warns before a statement locks a table with many rows for as long as it takes to read
 * or write them all, and says how to do without. Once for a unit.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class DdlAdvice {

	/**
	 * A smaller table is not locked for long.
	 */
	private static final long MANY_ROWS = 1000;

	/**
	 * Locks no table: functions that tell the size of a table or the definition of a
	 * constraint would do so. A check that a column is not null is recognized by its
	 * expression tree.
	 */
	private static final String FIND = """
			with recursive relation as (
			  select c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) as name
			  from pg_class c join pg_namespace n on n.oid = c.relnamespace
			  where c.relname = ? and c.relkind in ('r', 'p', 'm')
			    and case when ?::text is null then pg_table_is_visible(c.oid) else n.nspname = ? end),
			part as (
			  select oid from relation union all
			  select i.inhrelid from pg_inherits i join part p on p.oid = i.inhparent)
			select r.name, r.relkind = 'p' as partitioned, format_type(a.atttypid, a.atttypmod) as column_type,
			  coalesce(a.attnotnull or exists (
			    select from pg_constraint k where k.conrelid = r.oid and k.contype = 'c' and k.convalidated
			      and k.conkey = array[a.attnum] and k.conbin::text like '{NULLTEST :arg {VAR %:nulltesttype 1 %'), false)
			    as never_null,
			  exists (select from pg_proc f where f.proname = any (?::text[]) and f.provolatile = 'v') as volatile_function,
			  (select sum(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)))::bigint
			   from part p join pg_class c on c.oid = p.oid where c.relkind in ('r', 'm')) as rows
			from relation r left join pg_attribute a on a.attrelid = r.oid and a.attname = ? and not a.attisdropped""";

	/**
	 * The tables of which one may have many rows. A partitioned one has none itself.
	 */
	private static final String FIND_LARGE = """
			select c.relname from pg_class c
			where c.relkind = 'p' or (c.relkind in ('r', 'm')
			  and greatest(c.reltuples, pg_stat_get_live_tuples(c.oid)) >= %s)""".formatted(MANY_ROWS);

	private static final Log logger = LogFactory.getLog(DdlAdvice.class);

	private final Set<String> advised = new HashSet<>();

	/**
	 * The names of tables that may have many rows, or {@code null} if that is not known.
	 */
	private @Nullable Set<String> large;

	/**
	 * Look which tables are large: to lock any other one is not worth a look.
	 * @param connection a connection in no transaction
	 */
	public void look(Connection connection) {
		this.large = null;
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(FIND_LARGE)) {
			Set<String> large = new HashSet<>();
			while (rows.next()) {
				large.add(rows.getString(1));
			}
			this.large = large;
		}
		catch (SQLException ex) {
			logger.debug("Looking for large tables failed", ex);
		}
	}

	/**
	 * Return whether there may be something to be said about a statement.
	 * @param unit the id of the unit
	 * @param statement the statement
	 * @return whether a look at the database is worthwhile
	 */
	public boolean concerns(String unit, DdlStatement statement) {
		return !this.advised.contains(unit) && statement.statements()
			.stream()
			.flatMap((part) -> LongLockReader.read(part).stream())
			.anyMatch((lock) -> this.large == null || this.large.contains(lock.table().name()));
	}

	/**
	 * Warn if a statement is about to lock a table with many rows. Never fails.
	 * @param connection a connection in no transaction of the unit
	 * @param unit the id of the unit
	 * @param statement the statement
	 */
	public void before(Connection connection, String unit, DdlStatement statement) {
		if (this.advised.contains(unit)) {
			return;
		}
		for (SqlStatement part : statement.statements()) {
			for (LongLock lock : LongLockReader.read(part)) {
				TableFacts table = look(connection, lock);
				if (table != null && table.rows() >= MANY_ROWS && lock.rule().appliesTo(lock, table)) {
					warn(unit, lock, table);
					return;
				}
			}
		}
	}

	private void warn(String unit, LongLock lock, TableFacts table) {
		this.advised.add(unit);
		logger.warn("The unit '%s' %s (about %s rows). Safer: %s".formatted(unit, lock.rule().effect(table),
				table.rows(), lock.rule().saferForm(table)));
	}

	private static @Nullable TableFacts look(Connection connection, LongLock lock) {
		try {
			return find(connection, lock);
		}
		catch (SQLException ex) {
			logger.debug("Looking at a table that is to be locked failed", ex);
			return null;
		}
	}

	private static @Nullable TableFacts find(Connection connection, LongLock lock) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FIND)) {
			statement.setString(1, lock.table().name());
			statement.setString(2, lock.table().schema());
			statement.setString(3, lock.table().schema());
			statement.setArray(4, connection.createArrayOf("text", lock.functions().toArray()));
			statement.setString(5, lock.column());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? new TableFacts(row.getString("name"), row.getLong("rows"),
						row.getBoolean("partitioned"), row.getString("column_type"), row.getBoolean("never_null"),
						row.getBoolean("volatile_function")) : null;
			}
		}
	}

}
