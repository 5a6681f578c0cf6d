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
import java.util.ArrayList;
import java.util.List;

/**
 * Finds invalid indexes.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class InvalidIndexes {

	/**
	 * {@code pg_get_indexdef} locks the table, if only to be read, so it is not called
	 * for one that somebody has locked exclusively or wants to.
	 * <p>
	 * Whoever builds an index concurrently holds {@code ShareUpdateExclusiveLock} on its
	 * table all the time. Which index that is, is hidden from other roles.
	 */
	private static final String FIND = """
			select format('%I.%I', n.nspname, c.relname) as name, format('%I.%I', n.nspname, t.relname) as on_table,
			  case when not exists (select from pg_locks l where l.locktype = 'relation' and l.relation = t.oid
			      and l.mode = 'AccessExclusiveLock' and l.pid is distinct from pg_backend_pid()
			      and l.database = (select oid from pg_database where datname = current_database()))
			    then pg_get_indexdef(i.indexrelid) end as definition,
			  pg_has_role(c.relowner, 'usage') as owned,
			  exists (select from pg_locks l join pg_stat_progress_create_index p on p.pid = l.pid
			   where l.locktype = 'relation' and l.relation = t.oid and l.mode = 'ShareUpdateExclusiveLock' and l.granted
			     and l.database = (select oid from pg_database where datname = current_database())
			     and coalesce(nullif(p.index_relid, 0), c.oid) = c.oid) as being_built
			from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
			join pg_namespace n on n.oid = c.relnamespace
			where not i.indisvalid and c.relkind = 'i' and c.relpersistence <> 't'
			  and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')
			order by 1""";

	private InvalidIndexes() {
	}

	/**
	 * Find the invalid indexes of a database.
	 * @param connection a connection to the database
	 * @param timeoutSeconds after how many seconds the query is given up
	 * @return the indexes, ordered by name
	 * @throws SQLException if the database cannot be asked
	 */
	public static List<InvalidIndex> find(Connection connection, int timeoutSeconds) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FIND)) {
			statement.setQueryTimeout(timeoutSeconds);
			try (ResultSet rows = statement.executeQuery()) {
				List<InvalidIndex> indexes = new ArrayList<>();
				while (rows.next()) {
					indexes.add(new InvalidIndex(rows.getString("name"), rows.getString("on_table"),
							rows.getString("definition"), rows.getBoolean("owned"), rows.getBoolean("being_built")));
				}
				return indexes;
			}
		}
	}

}
