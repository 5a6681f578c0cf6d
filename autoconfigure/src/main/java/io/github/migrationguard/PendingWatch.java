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
import java.util.List;

import io.github.migrationguard.MigrationLook.Certainty;
import io.github.migrationguard.MigrationStatus.Progress;
import io.github.migrationguard.lock.HistoryFingerprint;
import io.github.migrationguard.lock.HistoryTable;
import io.github.migrationguard.lock.LockWatch;
import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is pending, for an instance that waits for others to apply it. It sends one
 * statement about every second: who takes part, and has the history changed? A look with
 * the tool is expensive and only done when its answer may have changed.
 *
 * @author Migration Guard
 */
final class PendingWatch {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(30);

	private static final Duration LOOK_AGAIN_AFTER_UNCLEAR = Duration.ofSeconds(2);

	private final RunContext run;

	private final MigrationSession session;

	private MigrationLook look;

	private long lookedAt = System.nanoTime();

	/**
	 * The history as it was right after the last look, not known before the first watch.
	 */
	private @Nullable HistoryFingerprint lookedHistory;

	private @Nullable HistoryTable history;

	/**
	 * How many rows the history has got since the last look.
	 */
	private int grown;

	/**
	 * Create the watch.
	 * @param run the run
	 * @param session the session, prepared for the lock
	 * @param look what was seen last
	 */
	PendingWatch(RunContext run, MigrationSession session, MigrationLook look) {
		this.run = run;
		this.session = session;
		this.look = look;
	}

	/**
	 * Return what the last look saw.
	 */
	MigrationLook look() {
		return this.look;
	}

	/**
	 * Return what was pending at the last look and has not been recorded since. Tools
	 * apply and record in the order in which they look.
	 */
	List<String> pending() {
		List<String> pending = this.look.pending();
		return pending.subList(Math.min(this.grown, pending.size()), pending.size());
	}

	/**
	 * Return how much is known to be pending, in words.
	 */
	String describePending() {
		return (this.look.certainty() == Certainty.KNOWN) ? String.valueOf(pending().size()) : "unknown";
	}

	/**
	 * Return whether nothing is left to be waited for.
	 * @param released whether the holder that was waited for has released the lock: what
	 * it has not recorded of the recurring units by then, it has tried
	 */
	boolean isDone(boolean released) {
		return !this.look.hasToWait() && (released || !this.look.untried());
	}

	/**
	 * Start to watch. What will have been recorded in the end is worked out now, while
	 * there is time.
	 */
	void start() throws SQLException {
		this.history = visibleHistory();
		this.look.awaited().get();
	}

	/**
	 * Whether nobody recorded anything since the look.
	 */
	boolean isHistoryUnchanged() throws SQLException {
		return this.look.certainty() != Certainty.KNOWN
				|| this.session.watch(visibleHistory()).history().count() == this.look.recorded();
	}

	private @Nullable HistoryTable visibleHistory() throws SQLException {
		HistoryTable history = this.look.target().history();
		return this.session.tableExists(history.identifier()) ? history : null;
	}

	/**
	 * See who takes part and whether the history has changed, and publish the progress.
	 */
	LockWatch watch() throws SQLException {
		LockWatch watch = watchHistory();
		this.grown = grownSinceLook(watch.history());
		if (this.look.certainty() == Certainty.KNOWN) {
			this.run.board().update((status) -> status.withProgress(Progress.of(this.look).remaining(pending())));
		}
		return watch;
	}

	private LockWatch watchHistory() throws SQLException {
		if (this.history == null) {
			this.history = visibleHistory();
		}
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

	/**
	 * Whether enough was recorded since the last look that all that was pending may be
	 * there.
	 */
	boolean mayBeDone(HistoryFingerprint now) {
		if (this.lookedHistory == null) {
			this.lookedHistory = now;
		}
		boolean enough = (this.look.unrecorded() > 0) ? grownSinceLook(now) >= this.look.unrecorded()
				: !now.equals(this.lookedHistory);
		return enough || System.nanoTime() - this.lookedAt > lookAgainAfter().toNanos();
	}

	private Duration lookAgainAfter() {
		return (this.look.certainty() == Certainty.UNCLEAR) ? LOOK_AGAIN_AFTER_UNCLEAR : LOOK_AGAIN_AFTER;
	}

	private int grownSinceLook(HistoryFingerprint now) {
		return (int) Math.max(0, now.count() - this.look.recorded());
	}

	private boolean isAllRecorded() throws SQLException {
		List<String> awaited = (this.look.unrecorded() == this.look.pending().size()) ? this.look.awaited().get()
				: List.of();
		if (awaited.isEmpty() || awaited.size() != this.look.pending().size()) {
			return false;
		}
		try {
			return this.history != null && this.session.isRecorded(this.history, this.look.recorded(), awaited);
		}
		catch (SQLException ex) {
			if (SqlFailures.isConnectionLost(ex)) {
				throw ex;
			}
			logger.debug("The history table cannot be read at the moment", ex);
			return false;
		}
	}

	/**
	 * Look again. The tool is not needed for it if just what was awaited was recorded.
	 */
	void lookAgain() throws Exception {
		this.history = visibleHistory();
		if (isAllRecorded()) {
			this.look = this.look.done();
			this.run.board().update((status) -> status.withProgress(Progress.of(this.look)));
		}
		else if (this.look.certainty() != Certainty.ALWAYS) {
			this.look = this.run.look(this.session);
		}
		this.lookedAt = System.nanoTime();
		this.lookedHistory = null;
		this.grown = 0;
	}

}
