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

import io.github.migrationguard.watch.Blocker;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to apply the units of a run. A unit that is never blocked leaves no trace.
 *
 * @author Migration Guard
 */
final class UnitAttempts {

	private final StatusBoard board;

	private @Nullable Attempt current;

	/**
	 * The attempts that were blocked, all of the same unit, which has not been applied
	 * since. Others may be applied before it again: those that always run, and those that
	 * were rolled back with it.
	 */
	private final List<Attempt> blocked = new ArrayList<>();

	UnitAttempts(StatusBoard board) {
		this.board = board;
	}

	/**
	 * Called when a unit is started.
	 * @param unit the unit
	 * @param maxStall for how long others may queue behind it
	 */
	void starts(String unit, Duration maxStall) {
		int number = isOfBlocked(unit) ? this.blocked.size() + 1 : 1;
		this.current = new Attempt(number, unit, Instant.now(), null, null, maxStall, List.of());
		if (isOfBlocked(unit)) {
			publish(this.current);
		}
	}

	/**
	 * Return whether a unit was blocked and has not been applied since.
	 */
	boolean isAnyBlocked() {
		return !this.blocked.isEmpty();
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
	void blocked(Attempt.Outcome reason, List<Blocker> blockers) {
		Attempt current = this.current;
		if (current != null) {
			if (!isOfBlocked(current.unit())) {
				this.blocked.clear();
			}
			Attempt attempt = current.ended(reason, blockers);
			this.blocked.add(attempt);
			this.current = null;
			publish(attempt);
			this.board.update((status) -> status.withDdl((ddl) -> ddl.withRetry(reason)));
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
