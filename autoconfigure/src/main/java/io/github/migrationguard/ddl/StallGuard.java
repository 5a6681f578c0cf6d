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

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * Decides for how long other sessions may queue behind a statement that waits for a lock.
 * The allowance grows while the blockers are others each time: on a busy table a short
 * wait never gets through. Behind the same blocker it does not grow, as that would only
 * make the stall longer.
 * <p>
 * An autovacuum that is alone in the way is given some time more, once: the server
 * cancels it, but not before {@code deadlock_timeout}.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class StallGuard {

	private static final Duration AUTOVACUUM_MARGIN = Duration.ofMillis(500);

	private static final Duration MIN_PAUSE = Duration.ofMillis(20);

	private final Duration initialStall;

	private final Duration lockTimeout;

	private final Set<Integer> grantedAutovacuums = new HashSet<>();

	private volatile Duration maxStall;

	private volatile Duration deadlockTimeout = Duration.ofSeconds(1);

	private Collection<Blocker> lastBlockers = List.of();

	/**
	 * Create a guard.
	 * @param initialStall for how long others may queue behind the first attempt
	 * @param lockTimeout for how long a statement may wait, and others behind it, at most
	 */
	public StallGuard(Duration initialStall, Duration lockTimeout) {
		this.lockTimeout = lockTimeout;
		this.initialStall = (initialStall.compareTo(lockTimeout) < 0) ? initialStall : lockTimeout;
		this.maxStall = this.initialStall;
	}

	/**
	 * Tell what the server is set to.
	 * @param deadlockTimeout its {@code deadlock_timeout}
	 */
	public void setDeadlockTimeout(Duration deadlockTimeout) {
		this.deadlockTimeout = deadlockTimeout;
	}

	/**
	 * Return for how long others may queue behind a statement at this time.
	 * @return the allowance
	 */
	public Duration maxStall() {
		return this.maxStall;
	}

	/**
	 * A unit is tried for the first time.
	 */
	public void unitStarts() {
		this.maxStall = this.initialStall;
		this.lastBlockers = List.of();
	}

	/**
	 * An attempt was blocked.
	 * @param blockers who was directly in the way
	 */
	public void blocked(Collection<Blocker> blockers) {
		boolean others = !blockers.isEmpty() && !this.lastBlockers.isEmpty()
				&& blockers.stream().noneMatch(this::wasInTheWay);
		if (others) {
			Duration doubled = this.maxStall.multipliedBy(2);
			this.maxStall = (doubled.compareTo(this.lockTimeout) < 0) ? doubled : this.lockTimeout;
		}
		this.lastBlockers = List.copyOf(blockers);
	}

	/**
	 * Return how long the next attempt may wait for a lock. The server cancels an
	 * autovacuum only after {@code deadlock_timeout}.
	 * @param blockers who was directly in the way
	 * @return the time
	 */
	public Duration lockTimeoutBehind(Collection<Blocker> blockers) {
		Duration autovacuum = this.deadlockTimeout.plus(AUTOVACUUM_MARGIN);
		return (isAutovacuum(blockers) && autovacuum.compareTo(this.lockTimeout) > 0) ? autovacuum : this.lockTimeout;
	}

	private static boolean isAutovacuum(Collection<Blocker> blockers) {
		return !blockers.isEmpty() && blockers.stream().allMatch((blocker) -> blocker.kind() == BlockerKind.AUTOVACUUM);
	}

	private boolean wasInTheWay(Blocker blocker) {
		return this.lastBlockers.stream().anyMatch(blocker::isSameTransaction);
	}

	/**
	 * Return how much longer a statement may wait.
	 * @param statement the statement
	 * @param sample what it meets
	 * @return the time, zero or negative if it is over, or {@code null} if nothing limits
	 * it at this moment
	 */
	public @Nullable Duration remaining(RunningStatement statement, SessionSample sample) {
		LockRequest waitingFor = sample.waitingFor();
		if (!statement.cancellable() || waitingFor == null) {
			return null;
		}
		Duration waited = (waitingFor.waitedFor() != null) ? waitingFor.waitedFor() : statement.runningFor();
		Duration autovacuum = autovacuum(sample, waited);
		if (autovacuum != null) {
			return autovacuum;
		}
		Duration stall = sample.queuedBehind().longestWait();
		if (stall != null) {
			Duration ours = statement.unitRunningFor();
			return this.maxStall.minus((stall.compareTo(ours) < 0) ? stall : ours);
		}
		return statement.unlimited() ? this.lockTimeout.minus(waited) : null;
	}

	/**
	 * Return when to look again.
	 * @param remaining how much longer the statement may wait, or {@code null}
	 * @param interval how long to pause at most
	 * @return the pause
	 */
	public Duration pause(@Nullable Duration remaining, Duration interval) {
		Duration longest = (interval.compareTo(this.maxStall) < 0) ? interval : this.maxStall;
		if (remaining == null || remaining.compareTo(longest) > 0) {
			return longest;
		}
		return (remaining.compareTo(MIN_PAUSE) > 0) ? remaining : MIN_PAUSE;
	}

	private synchronized @Nullable Duration autovacuum(SessionSample sample, Duration waited) {
		List<Blocker> direct = sample.directBlockers();
		if (!isAutovacuum(direct)
				|| direct.stream().allMatch((blocker) -> this.grantedAutovacuums.contains(blocker.pid()))) {
			return null;
		}
		Duration remaining = this.deadlockTimeout.plus(AUTOVACUUM_MARGIN).minus(waited);
		if (remaining.isNegative() || remaining.isZero()) {
			direct.forEach((blocker) -> this.grantedAutovacuums.add(blocker.pid()));
			return null;
		}
		return remaining;
	}

}
