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
import java.util.List;

import io.github.migrationguard.MigrationLook.Certainty;
import io.github.migrationguard.lock.HistoryFingerprint;
import io.github.migrationguard.lock.HistoryTable;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Runs the migration tool with the lock held, as soon as nobody who is not guarded holds
 * the tool's own lock.
 *
 * @author Migration Guard
 */
final class ToolRun {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final int MAX_CREATION_RACES = 5;

	private final RunContext run;

	private final MigrationSession session;

	private final LockKey key;

	private MigrationLook look;

	private final boolean seen;

	private @Nullable RunningMigration running;

	/**
	 * What the lock is for that somebody else had last, if that is not what was looked
	 * at.
	 */
	private @Nullable MigrationTarget taken;

	private boolean unitStarted;

	private boolean executing;

	/**
	 * Create the run of the tool.
	 * @param run the run
	 * @param session the session, which holds the lock
	 * @param key the key of the lock
	 * @param look what is due
	 * @param seen whether a second connection has seen that the session holds the lock
	 */
	ToolRun(RunContext run, MigrationSession session, LockKey key, MigrationLook look, boolean seen) {
		this.run = run;
		this.session = session;
		this.key = key;
		this.look = look;
		this.seen = seen;
	}

	void execute() throws Exception {
		try {
			executeUntilDone();
		}
		catch (Throwable ex) {
			if (this.running != null) {
				this.running.failedForGood(ex, this.executing);
			}
			throw ex;
		}
		finally {
			this.session.intercept(null);
		}
	}

	private void executeUntilDone() throws Exception {
		this.session.beforeRun();
		for (int race = 0; isDueWithoutToolLock(); race++) {
			try {
				this.run.migrating(this::migrate);
				return;
			}
			catch (UnitBlockedException ex) {
				this.executing = false;
				running().awaitRetry(ex);
				this.session.beforeRun();
			}
			catch (Exception ex) {
				ToolLockTakenException taken = SqlFailures.find(ex, ToolLockTakenException.class);
				if (taken == null && !isCreationRace(ex, race)) {
					throw ex;
				}
				this.taken = (taken != null) ? taken.getTarget() : null;
				this.executing = false;
				logger.debug("Somebody who is not guarded was faster, trying again", ex);
				this.run.stop().pause(this.run.name(), Jitter.aboutASecond());
			}
		}
		this.run.migrator().releaseStaleLock(this.session.connection(), this.look.target());
		this.run.unlock(this.session);
		this.run.upToDate("somebody who is not guarded applied everything");
	}

	/**
	 * Somebody who is not guarded creates the tool's tables at this moment. A run that
	 * does more than to apply what is pending is not repeated: it may have been code of
	 * the user that failed.
	 */
	private boolean isCreationRace(Exception ex, int race) {
		return race < MAX_CREATION_RACES && !this.unitStarted && this.look.certainty() != Certainty.ALWAYS
				&& SqlFailures.isCreatedByAnother(ex);
	}

	/**
	 * Wait until nobody who is not guarded holds the tool's own lock.
	 * @return whether anything is left to be done then
	 */
	private boolean isDueWithoutToolLock() throws Exception {
		LockWait wait = new LockWait(this.run.settings().lockWaitTimeout());
		HistoryFingerprint lookedHistory = null;
		while (true) {
			ToolLock found = this.run.migrator()
				.findForeignLock(this.session.connection(), (this.taken != null) ? this.taken : this.look.target());
			HistoryFingerprint history = (found != null || lookedHistory != null) ? history() : null;
			if (lookedHistory != null && !lookedHistory.equals(history) && !isStillDue()) {
				return false;
			}
			if (found == null || history == null) {
				return true;
			}
			lookedHistory = history;
			waiting(wait, found, history);
		}
	}

	private HistoryFingerprint history() throws SQLException {
		HistoryTable table = this.look.target().history();
		return this.session.watch(this.session.tableExists(table.identifier()) ? table : null).history();
	}

	private boolean isStillDue() throws Exception {
		if (this.look.certainty() != Certainty.ALWAYS) {
			this.look = this.run.look(this.session);
		}
		return this.look.hasToWait();
	}

	private void waiting(LockWait wait, ToolLock found, HistoryFingerprint history) {
		wait.seen(List.of(found, history));
		this.run.board()
			.update((status) -> status.withState(MigrationState.WAITING_FOR_CHANGELOG_LOCK)
				.withToolLock(found)
				.withLock((lock) -> lock.waitingForTool(wait.startedAt(), wait.timeoutAt())));
		if (wait.isOver()) {
			throw new LockWaitTimeoutException(this.run.name(), this.key, this.run.settings().lockWaitTimeout(), null,
					found);
		}
		if (wait.isLogDue()) {
			logger.warn("""
					Migration '%s' waits for %s, locked by %s, who is not guarded. \
					If that one is gone, release it with: %s""".formatted(this.run.name(), found.table(),
					found.describe(), found.remedy()));
		}
		this.run.stop().pause(this.run.name(), Jitter.aboutASecond());
	}

	/**
	 * Return whether the tool was called and has not returned, or has failed for good:
	 * something of the migration may have been executed by the session at last.
	 */
	boolean isExecuting() {
		return this.executing;
	}

	private void migrate() throws Exception {
		RunningMigration running = running();
		this.executing = true;
		try {
			running.migrate();
			this.run.unlock(this.session);
		}
		catch (Throwable ex) {
			this.unitStarted = running.hasStartedUnit();
			ReflectionUtils.rethrowException(running.failed(ex));
		}
	}

	/**
	 * However often a unit is blocked, it is one run.
	 */
	private RunningMigration running() throws SQLException {
		RunningMigration running = this.running;
		if (running == null) {
			running = new RunningMigration(this.run, this.session, this.key, this.look, this.seen);
			this.running = running;
		}
		return running;
	}

}
