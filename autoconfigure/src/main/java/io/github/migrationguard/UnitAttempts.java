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

package io.github.migrationguard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.migrationguard.ddl.StallGuard;
import io.github.migrationguard.ddl.StatementGuard;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to apply the units of a run, and what the next one does better: it does
 * not fail for the same reason again. A unit that is never blocked leaves no trace.
 *
 * @author Migration Guard
 */
final class UnitAttempts {

	/**
	 * Types of locks that a statement waits for when a row is locked.
	 */
	private static final Set<String> ROWS = Set.of("transactionid", "tuple");

	private final StatusBoard board;

	private final StatementGuard guard;

	private final StallGuard stallGuard;

	private final Duration lockTimeout;

	private @Nullable Attempt current;

	/**
	 * The attempts that were blocked, all of the same unit, which has not been applied
	 * since. Others may be applied before it again: those that always run, and those that
	 * were rolled back with it.
	 */
	private final List<Attempt> blocked = new ArrayList<>();

	UnitAttempts(StatusBoard board, StatementGuard guard, StallGuard stallGuard, Duration lockTimeout) {
		this.board = board;
		this.guard = guard;
		this.stallGuard = stallGuard;
		this.lockTimeout = lockTimeout;
	}

	/**
	 * Start an attempt.
	 */
	void start(String unit) {
		if (this.blocked.isEmpty()) {
			this.stallGuard.unitStarts();
			this.guard.setPatientWithRows(false);
			this.guard.setLockTimeout(this.lockTimeout);
		}
		int number = isOfBlocked(unit) ? this.blocked.size() + 1 : 1;
		this.current = new Attempt(number, unit, Instant.now(), null, null, this.stallGuard.maxStall(), List.of());
		if (isOfBlocked(unit)) {
			publish(this.current);
		}
	}

	/**
	 * Return whether the unit is the one that was blocked and has not been applied since.
	 */
	private boolean isOfBlocked(String unit) {
		return !this.blocked.isEmpty() && this.blocked.get(0).unit().equals(unit);
	}

	/**
	 * Called when the attempt was blocked.
	 */
	void blocked(UnitBlockedException failure) {
		SessionSample sample = failure.getSample();
		if (sample != null) {
			adapt(sample);
		}
		Attempt current = this.current;
		if (current != null) {
			if (!isOfBlocked(current.unit())) {
				this.blocked.clear();
			}
			Attempt attempt = current.ended(failure.getReason(), (sample != null) ? sample.blockers() : List.of());
			this.blocked.add(attempt);
			this.current = null;
			publish(attempt);
			this.board.update((status) -> status.withDdl((ddl) -> ddl.withRetry(failure.getReason())));
		}
	}

	private void adapt(SessionSample sample) {
		this.stallGuard.blocked(sample.directBlockers());
		this.guard.setLockTimeout(this.stallGuard.lockTimeoutBehind(sample.directBlockers()));
		LockRequest waitingFor = sample.waitingFor();
		if (waitingFor != null && ROWS.contains(waitingFor.target().type())) {
			this.guard.setPatientWithRows(true);
		}
	}

	/**
	 * Called when the attempt ended in another way.
	 */
	void ended(Attempt.Outcome outcome) {
		Attempt current = this.current;
		if (current != null && isOfBlocked(current.unit())) {
			publish(current.ended(outcome, List.of()));
			this.blocked.clear();
		}
		this.current = null;
	}

	/**
	 * Return the attempts of the unit that was blocked last.
	 */
	List<Attempt> blocked() {
		return List.copyOf(this.blocked);
	}

	private void publish(Attempt attempt) {
		this.board.update((status) -> status.withDdl((ddl) -> ddl.withAttempt(attempt)));
	}

}
