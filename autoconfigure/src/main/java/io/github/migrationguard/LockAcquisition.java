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

import java.sql.SQLException;
import java.time.Instant;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockWatch;
import io.github.migrationguard.lock.MigrationSession;
import io.micrometer.observation.Observation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gets the lock, or finds out that it is not needed any more. A waiter leaves as soon as
 * the holder has applied everything that it waits for, so all of them leave together
 * instead of taking the lock in turn.
 *
 * @author Migration Guard
 */
final class LockAcquisition {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private final RunContext run;

	private final MigrationSession session;

	private final LockKey key;

	private final LockWait wait;

	private final PendingWatch pending;

	/**
	 * Create the acquisition.
	 * @param run the run
	 * @param session the session, prepared for the lock
	 * @param key the key of the lock
	 * @param look what was seen without the lock
	 * @param wait the wait, begun now or with an earlier session
	 */
	LockAcquisition(RunContext run, MigrationSession session, LockKey key, MigrationLook look, LockWait wait) {
		this.run = run;
		this.session = session;
		this.key = key;
		this.wait = wait;
		this.pending = new PendingWatch(run, session, look);
	}

	/**
	 * Wait until the lock is ours or nothing is left to be waited for.
	 * @return what is due if the lock is ours, else {@code null}
	 * @throws LockWaitTimeoutException if the holder gave no sign of life for too long
	 */
	@Nullable MigrationLook acquire() throws Exception {
		if (tryLock()) {
			return (this.pending.isHistoryUnchanged() || isStillDue()) ? this.pending.look() : null;
		}
		if (!this.pending.look().hasToWait() && !this.pending.look().untried()) {
			this.run.upToDate("only recurring units are due, and the holder of the lock runs them");
			return null;
		}
		Observation observation = this.run.observations().lockWait();
		try {
			boolean acquired = await();
			RunObservations.stop(observation, acquired ? "acquired" : "satisfied");
			return acquired ? this.pending.look() : null;
		}
		catch (Exception ex) {
			RunObservations.failOrLose(observation, ex, this.run.stop());
			throw ex;
		}
	}

	/**
	 * Return what was seen last.
	 */
	MigrationLook look() {
		return this.pending.look();
	}

	private boolean tryLock() throws SQLException {
		Instant acquiredAt = this.session.tryLock();
		if (acquiredAt == null) {
			return false;
		}
		boolean waited = this.run.board().get().state() == MigrationState.WAITING;
		this.run.board().update((status) -> status.withLock((lock) -> lock.acquired(acquiredAt)));
		logger.info("Migration '%s' holds the lock '%s'%s".formatted(this.run.name(), this.key.name(),
				waited ? " after a wait of " + RunContext.format(this.wait.waited()) : ""));
		return true;
	}

	/**
	 * Listening starts before the first look at the lock, so that no release is missed.
	 */
	private boolean await() throws Exception {
		this.run.waiting(this.wait, null);
		this.session.listen();
		this.pending.start();
		boolean notified = false;
		while (true) {
			this.run.checkStop();
			LockWatch watch = this.pending.watch();
			boolean released = notified && this.run.isReleased(this.wait, watch.participants());
			if (released || this.pending.mayBeDone(watch.history())) {
				this.pending.lookAgain();
				if (this.pending.isDone(released)) {
					this.run.upToDate("another instance applied everything after a wait of "
							+ RunContext.format(this.wait.waited()));
					return false;
				}
			}
			if (watch.participants().holder() == null && tryLock()) {
				return isStillDue();
			}
			stillWaiting(watch);
			notified = this.run.awaitRelease(this.session, Jitter.among(watch.contenders()));
		}
	}

	/**
	 * The former holder may have done it all between the last look and its unlock.
	 */
	private boolean isStillDue() throws Exception {
		this.pending.lookAgain();
		if (!this.pending.isDone(false)) {
			return true;
		}
		this.run.migrator().releaseStaleLock(this.session.connection(), this.pending.look().target());
		this.run.unlock(this.session);
		this.run.upToDate("another instance applied everything");
		return false;
	}

	private void stillWaiting(LockWatch watch) {
		LockParticipant holder = watch.participants().holder();
		this.wait.seen(holder, watch.history());
		this.run.waiting(this.wait, watch.participants());
		if (this.wait.isOver()) {
			throw new LockWaitTimeoutException(this.run.name(), this.key, this.run.settings().lockWaitTimeout(), holder,
					null);
		}
		if (this.wait.isLogDue()) {
			logger.info("Migration '%s' waits for the lock '%s' since %s, held by %s, %s waiting, %s units pending"
				.formatted(this.run.name(), this.key.name(), RunContext.format(this.wait.waited()),
						(holder != null) ? holder.describe() : "nobody at the moment",
						watch.participants().waiters().size(), this.pending.describePending()));
		}
	}

}
