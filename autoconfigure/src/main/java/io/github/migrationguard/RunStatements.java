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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import io.github.migrationguard.RunContext.Action;
import io.github.migrationguard.ddl.BlockedStatement;
import io.github.migrationguard.ddl.DdlAdvice;
import io.github.migrationguard.ddl.DdlStatement;
import io.github.migrationguard.ddl.FailedStatement;
import io.github.migrationguard.ddl.IndexRepair;
import io.github.migrationguard.ddl.InvalidIndexException;
import io.github.migrationguard.ddl.StallGuard;
import io.github.migrationguard.ddl.StatementGuard;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.BlockerEnforcement;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.InvalidIndexes;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.SessionSample;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is done about the statements of one run: each unit gets its lock timeout, is
 * watched, and leaves behind what it met.
 *
 * @author Migration Guard
 */
final class RunStatements implements StatementGuard.Listener {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final int TIMEOUT_SECONDS = 5;

	private static final String OBJECT_IN_USE = "55006";

	/**
	 * Types of locks that a statement waits for when a row is locked.
	 */
	private static final Set<String> ROWS = Set.of("transactionid", "tuple");

	private final RunContext run;

	private final MigrationSession session;

	private final Connection connection;

	private final StatementGuard guard;

	private final StallGuard stallGuard;

	private final UnitAttempts attempts;

	private final BlockerEnforcement enforcement;

	private final BlockedLog blockedLog;

	private final IndexRepair indexRepair;

	private final DdlAdvice advice = new DdlAdvice();

	private final boolean seen;

	private @Nullable RunMonitor monitor;

	private String unit = "";

	private boolean concurrent;

	private long unitStart;

	private boolean repaired;

	/**
	 * Create the statements of a run.
	 * @param run the run
	 * @param session the session, which is in no transaction
	 * @param seen whether a second connection has seen the session
	 */
	RunStatements(RunContext run, MigrationSession session, boolean seen) throws SQLException {
		DdlSettings settings = run.settings().ddl();
		this.run = run;
		this.session = session;
		this.seen = seen;
		this.connection = session.connection();
		this.guard = new StatementGuard(this.connection, settings.lockTimeout(), this);
		this.stallGuard = new StallGuard(settings.maxStall(), settings.lockTimeout());
		this.attempts = new UnitAttempts(run.board());
		this.blockedLog = new BlockedLog(run.name());
		BlockerSettings blockers = run.settings().blockers();
		this.enforcement = new BlockerEnforcement(blockers.policy(), blockers.patience(), blockers.kinds(),
				blockers.includeSuperusers());
		this.indexRepair = new IndexRepair(settings.repairInvalidIndexes());
	}

	UnitBackOff backOff() {
		return new UnitBackOff(this.run, this.session, this.attempts, this.enforcement, this.blockedLog);
	}

	/**
	 * Let the tool migrate, watched.
	 */
	void migrate(Action tool) throws Exception {
		try (RunMonitor monitor = new RunMonitor(this.run, this.session, this.session.backend().pid(), this.guard,
				this.stallGuard, this.enforcement, this.blockedLog, this.seen)) {
			this.monitor = monitor;
			this.guard.forgetSettings();
			this.session.intercept(this.guard);
			monitor.start();
			repairInvalidIndexes();
			tool.run();
		}
		finally {
			this.session.intercept(null);
		}
		publishInvalidIndexes();
	}

	private void repairInvalidIndexes() {
		if (!this.repaired) {
			this.repaired = true;
			this.guard.watched(() -> this.indexRepair.repairAll(this.connection));
		}
	}

	void unitStarts(String unit, UnitCommit commit) {
		this.unit = unit;
		this.unitStart = System.nanoTime();
		this.concurrent = false;
		this.guard.unitStarts(commit != UnitCommit.PER_STATEMENT);
		if (!this.attempts.isAnyBlocked()) {
			this.stallGuard.unitStarts();
			this.guard.setPatientWithRows(false);
			this.guard.setLockTimeout(this.run.settings().ddl().lockTimeout());
		}
		this.attempts.starts(unit, this.stallGuard.maxStall());
	}

	void own() {
		this.guard.ownStatements();
	}

	void recording() {
		this.guard.recordStatements();
	}

	void unitApplied() {
		this.guard.unitEnds();
		this.guard.forgetFailure();
		this.attempts.ended(Attempt.Outcome.APPLIED);
	}

	void unitFailed() {
		this.guard.unitEnds();
		this.attempts.ended(Attempt.Outcome.FAILED);
	}

	void unitMayFail() {
		this.guard.forgetFailure();
	}

	void unitEnds() {
		this.guard.unitEnds();
	}

	@Override
	public void beforeOwnStatement(DdlStatement statement, boolean first) throws SQLException {
		this.concurrent |= statement.isConcurrent();
		this.advice.before(this.connection, this.unit, statement);
		this.indexRepair.before(this.connection, statement, first);
	}

	/**
	 * Others would migrate while the unit goes on.
	 */
	@Override
	public void beforeLocksAreDropped() throws SQLException {
		this.session.keepLockInTransaction();
	}

	@Override
	public void afterLocksWereDropped() throws SQLException {
		if (!this.session.keepLock()) {
			throw new MigrationFailedException(this.run.name(), this.run.migrator().getTool(), this.unit,
					new SQLException("The unit has dropped the migration lock, and another session has taken it",
							OBJECT_IN_USE));
		}
	}

	boolean isLockInDoubt() {
		return this.guard.isLockInDoubt();
	}

	boolean isUndone() {
		return this.guard.isUndone();
	}

	@Nullable SQLException cancelled() {
		return this.guard.cancelled();
	}

	/**
	 * Fail if the current unit met a lock that was not to be had.
	 */
	void checkBlocked() {
		BlockedStatement blocked = this.guard.blocked();
		if (blocked != null && !blocked.intended()) {
			throw exception(blocked);
		}
	}

	/**
	 * Find out whether the current unit has failed because it met a lock.
	 */
	@Nullable UnitBlockedException findBlocked() {
		BlockedStatement blocked = this.guard.blocked();
		return (blocked != null) ? exception(blocked) : null;
	}

	private UnitBlockedException exception(BlockedStatement blocked) {
		SessionSample sample = (this.monitor != null) ? this.monitor.lastBlockedSince(this.unitStart) : null;
		return new UnitBlockedException(this.run.name(), this.unit, blocked, sample);
	}

	/**
	 * Leave a trace of what has failed.
	 * @return the failure
	 */
	Throwable failed(Throwable failure) {
		FailedStatement statement = this.guard.failedStatement();
		this.guard.unitEnds();
		if (failure instanceof UnitBlockedException blocked) {
			SessionSample sample = blocked.getSample();
			if (sample != null) {
				adapt(sample);
			}
			this.attempts.blocked(blocked.getReason(), (sample != null) ? sample.blockers() : List.of());
			return failure;
		}
		List<InvalidIndex> invalidIndexes = publishInvalidIndexes();
		boolean left = this.concurrent && !invalidIndexes.isEmpty();
		if (!(failure instanceof MigrationFailedException failed) || isInvalidIndexKnown(failure)) {
			return failure;
		}
		if (left && (statement == null || statement.executed() == 0)) {
			return new IndexBuildFailedException(failed, invalidIndexes);
		}
		return (statement != null && failed.getUnit() != null) ? PartlyAppliedException.of(failed, statement) : failed;
	}

	private static boolean isInvalidIndexKnown(Throwable failure) {
		return SqlFailures.find(failure, InvalidIndexException.class) != null;
	}

	/**
	 * Do not fail for the same reason again and again.
	 */
	private void adapt(SessionSample sample) {
		this.stallGuard.blocked(sample.directBlockers());
		this.guard.setLockTimeout(this.stallGuard.lockTimeoutBehind(sample.directBlockers()));
		LockRequest waitingFor = sample.waitingFor();
		if (waitingFor != null && ROWS.contains(waitingFor.target().type())) {
			this.guard.setPatientWithRows(true);
		}
	}

	/**
	 * An index that is invalid is not used, and nobody would notice.
	 * @return those that nobody is building
	 */
	private List<InvalidIndex> publishInvalidIndexes() {
		try (Connection connection = this.session.connection()) {
			List<InvalidIndex> found = InvalidIndexes.find(connection, TIMEOUT_SECONDS);
			this.run.board().update((status) -> status.withDdl((ddl) -> ddl.withInvalidIndexes(found)));
			List<InvalidIndex> left = found.stream().filter((index) -> !index.beingBuilt()).toList();
			left.forEach(this::warn);
			return left;
		}
		catch (SQLException ex) {
			logger.debug("Could not look for invalid indexes", ex);
			return List.of();
		}
	}

	private void warn(InvalidIndex index) {
		logger.warn(PrintableText.of("The index %s on %s is invalid and not used. Remove it with: %s"
			.formatted(index.name(), index.table(), index.remedy())));
	}

}
