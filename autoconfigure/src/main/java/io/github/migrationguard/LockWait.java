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
import java.util.Objects;

import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.HistoryFingerprint;
import io.github.migrationguard.lock.LockParticipant;
import org.jspecify.annotations.Nullable;

/**
 * One wait for a lock, bounded by progress: the timeout counts from the last sign of
 * life, so that it ends the wait for a holder that does nothing and not the wait for a
 * healthy long build.
 *
 * @author Migration Guard
 */
final class LockWait {

	private final Duration timeout;

	private final Instant startedAt = Instant.now();

	private final long start = System.nanoTime();

	private final WaitLog log = new WaitLog();

	private long lastSignOfLife = this.start;

	private @Nullable Object lastSeen;

	private @Nullable LockParticipant lastHolder;

	LockWait(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * A holder that works or is blocked itself is alive, so is one that has changed or
	 * recorded something. Whatever a stranger does with the lock is no migration.
	 */
	void seen(@Nullable LockParticipant holder, HistoryFingerprint history) {
		this.lastHolder = holder;
		LockParticipant guarded = (holder != null && holder.guarded()) ? holder : null;
		if (guarded != null && guarded.activity() != Activity.IDLE) {
			this.lastSignOfLife = System.nanoTime();
		}
		seen(new Sight((guarded != null) ? guarded.pid() : 0, (guarded != null) ? guarded.since() : null, history));
	}

	/**
	 * Anything that differs from what was seen before is a sign of life.
	 */
	void seen(Object sight) {
		if (!Objects.equals(sight, this.lastSeen)) {
			this.lastSeen = sight;
			this.lastSignOfLife = System.nanoTime();
		}
	}

	/**
	 * Everybody may notify, so that alone does not say that the lock was released.
	 */
	boolean isHeldAsBefore(@Nullable LockParticipant holder) {
		LockParticipant before = this.lastHolder;
		return holder != null && before != null && holder.pid() == before.pid()
				&& Objects.equals(holder.since(), before.since());
	}

	long lastSignOfLife() {
		return this.lastSignOfLife;
	}

	boolean isOver() {
		return System.nanoTime() - this.lastSignOfLife >= this.timeout.toNanos();
	}

	Instant startedAt() {
		return this.startedAt;
	}

	Instant timeoutAt() {
		return Instant.now().plus(this.timeout).minusNanos(System.nanoTime() - this.lastSignOfLife);
	}

	Duration waited() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	boolean isLogDue() {
		return this.log.isDue(waited());
	}

	private record Sight(int pid, @Nullable Instant since, HistoryFingerprint history) {

	}

}
