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
import java.util.List;

import io.github.migrationguard.watch.Blocker;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to apply a unit that was blocked at least once.
 *
 * @param number the number of the attempt, 1 for the first one of the unit
 * @param unit the id of the unit
 * @param startedAt when it was started
 * @param took how long it took, or {@code null} while it goes on
 * @param outcome how it ended, or {@code null} while it goes on
 * @param maxStall for how long other sessions were allowed to queue behind it
 * @param blockers who was in the way when it ended, empty if nobody was or if unknown
 * @author Migration Guard
 * @since 0.1.0
 */
public record Attempt(int number, String unit, Instant startedAt, @Nullable Duration took, @Nullable Outcome outcome,
		Duration maxStall, List<Blocker> blockers) {

	boolean isSame(Attempt other) {
		return this.number == other.number && this.unit.equals(other.unit) && this.startedAt.equals(other.startedAt);
	}

	Attempt ended(Outcome outcome, List<Blocker> blockers) {
		return new Attempt(this.number, this.unit, this.startedAt, Duration.between(this.startedAt, Instant.now()),
				outcome, this.maxStall, blockers);
	}

	/**
	 * How an attempt ended.
	 */
	public enum Outcome {

		/**
		 * The unit was applied and recorded.
		 */
		APPLIED,

		/**
		 * Its statement waited for a lock for longer than the lock timeout.
		 */
		LOCK_TIMEOUT,

		/**
		 * Its statement was cancelled by this library, because other sessions were queued
		 * behind it for too long.
		 */
		STALL,

		/**
		 * The server chose it as the victim of a deadlock.
		 */
		DEADLOCK,

		/**
		 * It failed for a reason that has nothing to do with locks, or the application
		 * was stopped.
		 */
		FAILED

	}

}
