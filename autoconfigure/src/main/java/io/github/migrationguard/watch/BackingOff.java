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
import java.time.Instant;
import java.util.List;

import io.github.migrationguard.lock.BlockedBy;
import org.jspecify.annotations.Nullable;

/**
 * Tells any instance whom a holder waits for that tries again later. Its session is idle
 * then and only its name tells what it wants.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class BackingOff {

	private static final String DESCRIBE = """
			select (select oid::text from pg_database where datname = current_database()), ?::text::oid::regclass::text""";

	private BackingOff() {
	}

	/**
	 * Return what a holder says in its name about what it wants.
	 * @param blockers who is in its way
	 * @param wanted the lock that it wants, or {@code null} if unknown
	 * @return what it says
	 */
	public static BlockedBy describe(List<Blocker> blockers, @Nullable LockRequest wanted) {
		int pid = blockers.stream().map(Blocker::pid).filter((known) -> known != null).findFirst().orElse(0);
		String relation = (wanted != null) ? wanted.target().relation() : null;
		if (wanted == null || relation == null || !wanted.target().type().equals("relation")) {
			return new BlockedBy(pid, 0, "");
		}
		return new BlockedBy(pid, Long.parseLong(relation), LockMode.initials(wanted.mode()));
	}

	/**
	 * See whether the one that a holder names is still in its way.
	 * @param connection a connection to the database of the holder
	 * @param blockedBy what the holder says
	 * @param timeoutSeconds after how many seconds each query is given up
	 * @return what the holder would meet, or {@code null} if it does not say what it
	 * wants
	 * @throws SQLException if the database cannot be asked
	 */
	public static @Nullable SessionSample sample(Connection connection, BlockedBy blockedBy, int timeoutSeconds)
			throws SQLException {
		String mode = LockMode.ofInitials(blockedBy.mode());
		if (blockedBy.relation() == 0 || mode == null) {
			return null;
		}
		LockRequest wanted = request(connection, blockedBy.relation(), mode, timeoutSeconds);
		List<Blocker> holders = SessionSampler.findHolders(connection, wanted, null, timeoutSeconds);
		boolean named = holders.stream().anyMatch((holder) -> isNamed(holder, blockedBy));
		List<Blocker> inTheWay = holders.stream()
			.filter((holder) -> named && (!holder.direct() || isNamed(holder, blockedBy)))
			.toList();
		return new SessionSample(Instant.now(), true, wanted, inTheWay, QueuedSessions.NONE, null);
	}

	private static boolean isNamed(Blocker holder, BlockedBy blockedBy) {
		return holder.direct() && blockedBy.pid() == ((holder.pid() != null) ? holder.pid() : 0);
	}

	private static LockRequest request(Connection connection, long relation, String mode, int timeoutSeconds)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(DESCRIBE)) {
			statement.setQueryTimeout(timeoutSeconds);
			statement.setString(1, String.valueOf(relation));
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				LockRequest.Target target = new LockRequest.Target("relation", row.getString(1),
						String.valueOf(relation), null, null, null, null, null, null, null);
				return new LockRequest(target, mode, mode + " on " + row.getString(2), null);
			}
		}
	}

}
