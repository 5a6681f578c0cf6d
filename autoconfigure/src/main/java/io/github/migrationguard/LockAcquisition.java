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
import java.time.Duration;
import java.time.Instant;

import io.github.migrationguard.MigrationLook.Certainty;
import io.github.migrationguard.MigrationStatus.Progress;
import io.github.migrationguard.lock.HistoryFingerprint;
import io.github.migrationguard.lock.HistoryTable;
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
 * <p>
 * It sends one statement about every second: who takes part, and has the history changed?
 * A look with the tool is expensive and only done when its answer may have changed.
 *
 * @author Migration Guard
 */
final class LockAcquisition {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(30);

	private final RunContext run;

	private final MigrationSession session;

	private final LockKey key;

	private final LockWait wait;

	private MigrationLook look;

	private long lookedAt = System.nanoTime();

	/**
	 * The history as it was right after the last look, not known before the first watch.
	 */
	private @Nullable HistoryFingerprint lookedHistory;

	private @Nullable HistoryTable history;

	/**
	 * Create the acquisition.
	 * @param run the run
	 * @param session the session, prepared for the lock
	 * @param key the key of the lock
	 * @param look what was seen without the lock
	 */
	LockAcquisition(RunContext run, MigrationSession session, LockKey key, MigrationLook look) {
		this.run = run;
		this.session = session;
		this.key = key;
		this.look = look;
		this.wait = new LockWait(run.settings().lockWaitTimeout());
	}

	/**
	 * Wait until the lock is ours or nothing is left to be waited for.
	 * @return what is due if the lock is ours, else {@code null}
	 * @throws LockWaitTimeoutException if the holder gave no sign of life for too long
	 */
	@Nullable MigrationLook acquire() throws Exception {
		if (tryLock()) {
			return (isHistoryUnchanged() || isStillDue()) ? this.look : null;
		}
		if (!this.look.hasToWait()) {
			this.run.upToDate("only recurring units are due, and the holder of the lock runs them");
			return null;
		}
		Observation observation = this.run.observations().lockWait();
		try {
			boolean acquired = await();
			RunObservations.stop(observation, acquired ? "acquired" : "satisfied");
			return acquired ? this.look : null;
		}
		catch (Exception ex) {
			RunObservations.fail(observation, ex);
			throw ex;
		}
	}

	/**
	 * Whether nobody recorded anything between the look and the lock.
	 */
	private boolean isHistoryUnchanged() throws SQLException {
		return this.look.certainty() != Certainty.KNOWN
				|| this.session.watch(visibleHistory()).history().count() == this.look.recorded();
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
		this.run.board()
			.update((status) -> status
				.withLock((lock) -> lock.waiting(this.wait.startedAt(), this.wait.timeoutAt(), null))
				.withState(MigrationState.WAITING));
		this.session.listen();
		this.history = visibleHistory();
		boolean released = false;
		while (true) {
			this.run.checkStop();
			LockWatch watch = watch();
			if (released || mayBeDone(watch.history())) {
				lookAgain();
				if (!this.look.hasToWait()) {
					this.run.upToDate("another instance applied everything after a wait of "
							+ RunContext.format(this.wait.waited()));
					return false;
				}
			}
			if ((released || watch.participants().holder() == null) && tryLock()) {
				return isStillDue();
			}
			stillWaiting(watch);
			released = this.session.awaitRelease(Jitter.aboutASecond());
		}
	}

	/**
	 * Whether enough was recorded since the last look that all that was pending may be
	 * there.
	 */
	private boolean mayBeDone(HistoryFingerprint now) {
		if (this.lookedHistory == null) {
			this.lookedHistory = now;
		}
		boolean enough = (this.look.unrecorded() > 0) ? grownSinceLook(now) >= this.look.unrecorded()
				: !now.equals(this.lookedHistory);
		return enough || System.nanoTime() - this.lookedAt > LOOK_AGAIN_AFTER.toNanos();
	}

	private void lookAgain() throws Exception {
		if (this.look.certainty() != Certainty.ALWAYS) {
			this.look = this.run.look(this.session);
		}
		this.lookedAt = System.nanoTime();
		this.lookedHistory = null;
		this.history = visibleHistory();
	}

	private @Nullable HistoryTable visibleHistory() throws SQLException {
		HistoryTable history = this.look.target().history();
		return this.session.tableExists(history.identifier()) ? history : null;
	}

	/**
	 * The former holder may have done it all between the last look and its unlock.
	 */
	private boolean isStillDue() throws Exception {
		lookAgain();
		if (this.look.hasToWait()) {
			return true;
		}
		this.run.migrator().releaseStaleLock(this.session.connection(), this.look.target(), this.key);
		this.run.unlock(this.session);
		this.run.upToDate("another instance applied everything");
		return false;
	}

	private LockWatch watch() throws SQLException {
		try {
			return this.session.watch(this.history);
		}
		catch (SQLException ex) {
			if (this.history == null || SqlFailures.isConnectionLost(ex)) {
				throw ex;
			}
			logger.debug("The history table cannot be read at the moment", ex);
			return this.session.watch(null);
		}
	}

	private void stillWaiting(LockWatch watch) {
		LockParticipant holder = watch.participants().holder();
		this.wait.seen(holder, watch.history());
		this.run.board()
			.update((status) -> status
				.withLock((lock) -> lock.waiting(this.wait.startedAt(), this.wait.timeoutAt(), watch.participants())));
		if (this.look.certainty() == Certainty.KNOWN) {
			this.run.board()
				.update((status) -> status.withProgress(Progress.of(this.look).grown(grownSinceLook(watch.history()))));
		}
		if (this.wait.isOver()) {
			throw new LockWaitTimeoutException(this.run.name(), this.key, this.run.settings().lockWaitTimeout(), holder,
					null);
		}
		if (this.wait.isLogDue()) {
			logger.info("Migration '%s' waits for the lock '%s' since %s, held by %s, %d waiting, %s units pending"
				.formatted(this.run.name(), this.key.name(), RunContext.format(this.wait.waited()),
						(holder != null) ? holder.describe() : "nobody at the moment",
						watch.participants().waiters().size(),
						(this.look.certainty() == Certainty.KNOWN) ? this.look.pending().size() : "unknown"));
		}
	}

	private int grownSinceLook(HistoryFingerprint now) {
		return (int) Math.max(0, now.count() - this.look.recorded());
	}

}
