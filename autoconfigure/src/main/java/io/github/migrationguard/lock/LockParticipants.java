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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Everybody who holds a migration lock or waits for it. Read from the database alone
 * ({@code pg_locks} and {@code pg_stat_activity}), so that every replica of every version
 * sees the same.
 *
 * @param holder the session that holds the lock, or {@code null} if nobody does
 * @param waiters the other sessions that take part, the longest waiting one first
 * @param readAt when this was read, by the server's clock
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-locks.html">pg_locks</a>
 */
public record LockParticipants(@Nullable LockParticipant holder, List<LockParticipant> waiters, Instant readAt) {

	/**
	 * Other roles' {@code state}, {@code query} and {@code client_addr} are null without
	 * {@code pg_read_all_stats}, their locks are always visible: hence the activity is
	 * told from the locks where the state is hidden. The statements of the others, who
	 * only wait, are not read: all of them would read those of all. A guarded holder that
	 * has just ended a statement is between two of them.
	 */
	private static final String FIND_ALL = """
			with lock as materialized (
			  select locktype, database, classid, objid, objsubid, pid, granted from pg_locks),
			participant as (
			  select objid, pid, bool_or(classid::bigint = ?) as holds, count(distinct classid::bigint) > 1 as present from lock
			  where locktype = 'advisory' and granted and objsubid = 2
			    and database = (select oid from pg_database where datname = current_database())
			    and classid::bigint in (?, ?)
			  group by objid, pid)
			select p.objid::bigint as hash, p.pid, p.holds, p.present, a.application_name, a.usename,
			  host(a.client_addr) as client_address, a.state,
			  p.holds and p.present and a.state_change > clock_timestamp() - interval '1 s' as busy, case when p.holds then a.query end as query,
			  quote_ident(current_user) as reader, clock_timestamp() as read_at,
			  p.holds and exists (select from lock l where l.pid = p.pid and not l.granted) as blocked,
			  p.holds and exists (select from lock l where l.pid = p.pid and l.locktype = 'virtualxid' and l.granted)
			    as in_transaction
			from participant p left join pg_stat_activity a on a.pid = p.pid""";

	static final String FIND = FIND_ALL + " where p.objid::bigint = ?";

	/**
	 * What is read if nobody takes part.
	 */
	public static final LockParticipants NOBODY = new Reader().participants();

	/**
	 * Read who takes part in the given lock.
	 * @param connection a connection to the database of the lock
	 * @param key the key of the lock
	 * @param timeoutSeconds after how many seconds the query is given up
	 * @return what was read
	 * @throws SQLException if the database cannot be asked
	 */
	static Reader read(Connection connection, LockKey key, int timeoutSeconds) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FIND)) {
			statement.setQueryTimeout(timeoutSeconds);
			bind(statement, key);
			try (ResultSet rows = statement.executeQuery()) {
				Reader reader = new Reader();
				while (rows.next()) {
					reader.add(rows);
				}
				return reader;
			}
		}
	}

	/**
	 * Read who takes part in any migration lock of a database, in one query.
	 * @param connection a connection to the database
	 * @param timeoutSeconds after how many seconds the query is given up
	 * @return the participants by the {@link LockKey#hash() hash} of the lock's key
	 * @throws SQLException if the database cannot be asked
	 */
	public static Map<Integer, LockParticipants> readAll(Connection connection, int timeoutSeconds)
			throws SQLException {
		Map<Integer, Reader> readers = new HashMap<>();
		try (PreparedStatement statement = connection.prepareStatement(FIND_ALL)) {
			statement.setQueryTimeout(timeoutSeconds);
			bindNamespace(statement, LockKey.NAMESPACE);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					readers.computeIfAbsent((int) rows.getLong("hash"), (hash) -> new Reader()).add(rows);
				}
			}
		}
		Map<Integer, LockParticipants> participants = new HashMap<>();
		readers.forEach((hash, reader) -> participants.put(hash, reader.participants()));
		return participants;
	}

	/**
	 * Return whether a session says by its name that it takes part in a migration lock.
	 * @param applicationName the application name of the session
	 * @return whether it is the name of a participant
	 */
	public static boolean isParticipant(@Nullable String applicationName) {
		return ParticipantName.parse(applicationName) != null;
	}

	/**
	 * Bind the parameters of {@link #FIND}, which come first in a statement made of it.
	 */
	static void bind(PreparedStatement statement, LockKey key) throws SQLException {
		bindNamespace(statement, key.namespace());
		statement.setLong(4, Integer.toUnsignedLong(key.hash()));
	}

	private static void bindNamespace(PreparedStatement statement, int namespace) throws SQLException {
		statement.setLong(1, namespace);
		statement.setLong(2, namespace);
		statement.setLong(3, LockKey.presenceNamespace(namespace));
	}

	/**
	 * Collects the rows of {@link #FIND}.
	 */
	static class Reader {

		/**
		 * Strangers may share the lock: then always the same one of them.
		 */
		private @Nullable LockParticipant holder;

		private final List<LockParticipant> waiters = new ArrayList<>();

		private Instant readAt = Instant.EPOCH;

		private int contenders;

		void add(ResultSet row) throws SQLException {
			this.readAt = row.getObject("read_at", OffsetDateTime.class).toInstant();
			boolean holds = row.getBoolean("holds");
			ParticipantName name = ParticipantName.parse(row.getString("application_name"));
			LockParticipant participant = participant(row, name, holds);
			if (!holds) {
				this.waiters.add(participant);
				this.contenders += (name != null && name.role() == ParticipantName.Role.WAITER) ? 1 : 0;
			}
			else if (this.holder == null || participant.pid() < this.holder.pid()) {
				this.holder = participant;
			}
		}

		private LockParticipant participant(ResultSet row, @Nullable ParticipantName name, boolean holds)
				throws SQLException {
			String state = row.getString("state");
			String hiddenFrom = (state != null) ? null : row.getString("reader");
			Instant since = (name != null && holds == (name.role() == ParticipantName.Role.HOLDER)) ? name.since()
					: null;
			BlockedBy blockedBy = (name != null && holds) ? name.blockedBy() : null;
			return new LockParticipant(row.getInt("pid"), (name != null) ? name.instance() : null,
					row.getString("usename"), row.getString("client_address"), since,
					(blockedBy != null) ? Activity.BACKING_OFF : activity(row, state),
					(state != null && blockedBy == null) ? SqlMask.maskLiterals(row.getString("query")) : null,
					hiddenFrom, blockedBy, name != null || row.getBoolean("present"));
		}

		private Activity activity(ResultSet row, @Nullable String state) throws SQLException {
			if (row.getBoolean("blocked")) {
				return Activity.BLOCKED;
			}
			boolean working = (state != null) ? state.equals("active") || row.getBoolean("busy")
					: row.getBoolean("in_transaction");
			return working ? Activity.WORKING : Activity.IDLE;
		}

		int contenders() {
			return this.contenders;
		}

		LockParticipants participants() {
			this.waiters
				.sort(Comparator.comparing(LockParticipant::since, Comparator.nullsLast(Comparator.naturalOrder()))
					.thenComparing(LockParticipant::pid));
			return new LockParticipants(this.holder, List.copyOf(this.waiters), this.readAt);
		}

	}

}
