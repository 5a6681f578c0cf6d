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

import java.sql.SQLException;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The failure of a statement, and whose it is. What this library has not set and has not
 * sent is the unit's own, as it is without this library: its {@code NOWAIT}, its time
 * limits, what its code raises. The texts of the server are localized, but not the name
 * of the routine that reports the failure.
 *
 * @param failure what the database said
 * @param block why it did not get a lock, or {@code null} if it did not fail for that
 * @param cancelled whether it was cancelled by another session, which wants the migration
 * to end
 * @author Migration Guard
 */
record StatementFailure(SQLException failure, BlockedStatement.@Nullable Reason block, boolean cancelled) {

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private static final String DEADLOCK_DETECTED = "40P01";

	/**
	 * The routines of the server that end a wait: for a time limit, a cancel, a deadlock.
	 */
	private static final Set<String> ENDS_OF_WAIT = Set.of("ProcessInterrupts", "DeadLockReport");

	/**
	 * Find out whose failure it is.
	 * @param failure what the database said
	 * @param cancelledByUs whether this library has sent a cancel
	 * @param lockTimeout whether the session had a lock timeout that is known
	 * @param timeLimit whether the migration may have set a time limit
	 */
	static StatementFailure of(SQLException failure, boolean cancelledByUs, boolean lockTimeout, boolean timeLimit) {
		boolean cancel = StatementGuard.isCancel(failure);
		if (cancel && cancelledByUs) {
			return new StatementFailure(failure, BlockedStatement.Reason.STALL, false);
		}
		if (!isEndOfWait(failure)) {
			return new StatementFailure(failure, null, false);
		}
		if (lockTimeout && LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
			return new StatementFailure(failure, BlockedStatement.Reason.LOCK_TIMEOUT, false);
		}
		if (DEADLOCK_DETECTED.equals(failure.getSQLState())) {
			return new StatementFailure(failure, BlockedStatement.Reason.DEADLOCK, false);
		}
		return new StatementFailure(failure, null, cancel && !timeLimit);
	}

	private static boolean isEndOfWait(SQLException failure) {
		ServerErrorMessage message = (failure instanceof PSQLException ex) ? ex.getServerErrorMessage() : null;
		String routine = (message != null) ? message.getRoutine() : null;
		return routine == null || ENDS_OF_WAIT.contains(routine);
	}

}
