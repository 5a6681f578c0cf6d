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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What a guarded instance writes into the LOCKEDBY column, so that others can find out
 * whether it is still alive: the lock key, its backend and when that was started. The
 * name of the instance is cleaned, as not every database can store it.
 *
 * @param key the key of the advisory lock that is held along with the row
 * @param backend the backend of the session
 * @param instance the name of the instance
 * @author Migration Guard
 */
record LockMarker(LockKey key, Backend backend, String instance) {

	private static final int MAX_LENGTH = 255;

	private static final Pattern FORMAT = Pattern.compile("mg:(-?\\d{1,10}):(-?\\d{1,10}):(\\d{1,10}):(\\d{1,18}):(.*)",
			Pattern.DOTALL);

	/**
	 * The start of other roles' backends is hidden without {@code pg_read_all_stats}.
	 * Then who takes part in the lock with this process id is alive, which everybody may
	 * see.
	 */
	private static final String IS_ALIVE = """
			select exists (select from pg_stat_activity a where pid = ? and pid <> pg_backend_pid()
			  and case when backend_start is not null and ? > 0
			    then (extract(epoch from backend_start) * 1000000)::bigint = ?
			    else exists (select from pg_locks l where l.pid = a.pid and locktype = 'advisory' and granted
			      and classid::bigint in (?, ?) and objid::bigint = ?) end)""";

	/**
	 * Read what a guarded instance has written, also one that holds another lock: the
	 * name of the lock may differ between two versions of a service.
	 */
	static @Nullable LockMarker parse(@Nullable String lockedBy) {
		Matcher matcher = FORMAT.matcher((lockedBy != null) ? lockedBy : "");
		if (!matcher.matches() || Long.parseLong(matcher.group(1)) != LockKey.NAMESPACE) {
			return null;
		}
		LockKey key = new LockKey(LockKey.NAMESPACE, (int) Long.parseLong(matcher.group(2)), "");
		Backend backend = new Backend((int) Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
		return new LockMarker(key, backend, matcher.group(5));
	}

	boolean isAlive(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(IS_ALIVE)) {
			statement.setInt(1, this.backend.pid());
			statement.setLong(2, this.backend.startedAtMicros());
			statement.setLong(3, this.backend.startedAtMicros());
			statement.setLong(4, this.key.namespace());
			statement.setLong(5, this.key.namespace() + 1L);
			statement.setLong(6, Integer.toUnsignedLong(this.key.hash()));
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	@Override
	public String toString() {
		String prefix = "mg:%s:%s:%s:%s:".formatted(this.key.namespace(), this.key.hash(), this.backend.pid(),
				this.backend.startedAtMicros());
		int room = MAX_LENGTH - prefix.length();
		String printable = this.instance.replaceAll("[^ -~]", "_");
		return prefix + printable.substring(Math.max(0, printable.length() - room));
	}

}
