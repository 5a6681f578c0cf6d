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
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import javax.sql.DataSource;

import io.github.migrationguard.ddl.BlockedStatement;
import io.github.migrationguard.ddl.StallGuard;
import io.github.migrationguard.ddl.StatementGuard;
import io.github.migrationguard.ddl.Unit;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.lock.MigrationSession.Backend;
import io.github.migrationguard.watch.BlockerEnforcement;
import io.github.migrationguard.watch.SessionSample;
import io.micrometer.observation.Observation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The {@link GuardedRun} of a {@link MigrationRun}: keeps the status, the observations
 * and the atomicity of the units.
 *
 * @author Migration Guard
 */
final class RunningMigration implements GuardedRun {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	/**
	 * How long it goes without saying that the lock is held, while all that is executed
	 * are definitions.
	 */
	private static final Duration LOCK_CHECK_INTERVAL = Duration.ofSeconds(1);

	private final RunContext run;

	private final Migrator migrator;

	private final MigrationSession session;

	private final LockKey key;

	private final MigrationTarget target;

	/**
	 * The units that are to be done once, or {@code null} if nobody knows.
	 */
	private final @Nullable Set<String> pending;

	/**
	 * Whether the run does more than to apply units.
	 */
	private final boolean preparing;

	private final Observation observation;

	private final SessionDataSource dataSource;

	private final StatementGuard guard;

	private final StallGuard stallGuard;

	private final BlockerEnforcement enforcement;

	private final BlockedLog blockedLog;

	private final UnitPreparation preparation;

	private final UnitAttempts attempts;

	private final UnitBackOff backOff;

	private final UnitFailures failures;

	private final boolean seen;

	private final long start = System.nanoTime();

	private long lockCheckedAt = this.start;

	private int applied;

	private int failed;

	private @Nullable Observation unitObservation;

	private @Nullable RunMonitor monitor;

	private boolean unitStarted;

	private UnitCommit commit = UnitCommit.PER_STATEMENT;

	private @Nullable Throwable unitFailure;

	/**
	 * Create a run.
	 * @param run the context
	 * @param session the session, which holds the lock and is in no transaction
	 * @param key the key of the lock
	 * @param look what is due
	 * @param seen whether a second connection has seen the session
	 */
	RunningMigration(RunContext run, MigrationSession session, LockKey key, MigrationLook look, boolean seen)
			throws SQLException {
		this.run = run;
		this.migrator = run.migrator();
		this.session = session;
		this.key = key;
		this.seen = seen;
		this.target = look.target();
		this.pending = (look.certainty() == MigrationLook.Certainty.KNOWN) ? Set.copyOf(look.pending()) : null;
		this.preparing = look.preparing();
		this.observation = run.observations().run();
		this.dataSource = new SessionDataSource(this.migrator.getDataSource(), session);
		DdlSettings ddl = run.settings().ddl();
		BlockerSettings blockers = run.settings().blockers();
		this.preparation = new UnitPreparation(run, session, this::awaitRetry);
		this.guard = new StatementGuard(session.connection(), ddl.lockTimeout(), this.preparation);
		this.stallGuard = new StallGuard(ddl.maxStall(), ddl.lockTimeout());
		this.enforcement = new BlockerEnforcement(blockers.policy(), blockers.patience(), blockers.kinds(),
				blockers.includeSuperusers());
		this.blockedLog = new BlockedLog(run.name());
		this.attempts = new UnitAttempts(run.board(), this.guard, this.stallGuard, ddl.lockTimeout());
		this.backOff = new UnitBackOff(run, session, this.attempts, this.enforcement, this.blockedLog);
		this.failures = new UnitFailures(run, session);
	}

	/**
	 * Let the tool migrate, watched.
	 */
	void migrate() throws Exception {
		start();
		try (RunMonitor monitor = new RunMonitor(this.run, this.session, this.session.backend().pid(), this.guard,
				this.stallGuard, this.enforcement, this.blockedLog, this.seen)) {
			this.monitor = monitor;
			this.guard.forgetSettings();
			this.session.intercept(this.guard);
			monitor.start();
			this.guard.watched(this.preparation::prepareRun);
			this.migrator.migrate(this);
		}
		finally {
			this.session.intercept(null);
		}
		this.failures.publishInvalidIndexes();
		complete();
	}

	private void start() {
		this.unitFailure = null;
		this.guard.start(Unit.none());
		this.unitStarted = false;
		this.run.board()
			.update((status) -> status.withLock(MigrationStatus.Lock::held).withState(MigrationState.MIGRATING));
	}

	/**
	 * Wait until the unit that was blocked can be tried again.
	 */
	void awaitRetry(UnitBlockedException blocked) throws SQLException {
		this.backOff.await(blocked);
	}

	/**
	 * Wait until a statement of the unit that was blocked can be executed again, while
	 * the tool waits for its result. It is as if the run had ended meanwhile: nothing is
	 * wrapped, and a stop ends the wait at once.
	 */
	private void awaitRetry(Unit unit) throws SQLException {
		UnitBlockedException blocked = blocked(unit, Objects.requireNonNull(unit.blocked()).alone());
		this.attempts.blocked(blocked);
		this.session.intercept(null);
		this.run.stop().leaveMigration();
		try {
			this.backOff.await(blocked);
			this.session.goOn();
		}
		finally {
			this.session.intercept(this.guard);
		}
		this.run.stop().enterMigration(this.run.name());
		this.run.stop().unitStarts(this.run.name());
		this.attempts.start(unit.id());
		this.run.board().state(MigrationState.MIGRATING);
	}

	@Override
	public DataSource getDataSource() {
		return this.dataSource;
	}

	@Override
	public Connection openConnection() throws SQLException {
		return this.session.connection();
	}

	@Override
	public String getInstance() {
		return this.run.settings().instance();
	}

	@Override
	public MigrationTarget getTarget() {
		return this.target;
	}

	@Override
	public LockKey getLockKey() {
		return this.key;
	}

	@Override
	public Backend getBackend() {
		try {
			return this.session.backend();
		}
		catch (SQLException ex) {
			throw new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), null, ex);
		}
	}

	@Override
	public void unitStarts(String unit, UnitCommit commit) {
		endSkippedUnit();
		if (isLockToBeChecked()) {
			checkLock();
		}
		this.guard.start(new Unit(unit, commit != UnitCommit.PER_STATEMENT));
		this.attempts.start(unit);
		this.run.stop().unitStarts(this.migrator.getName());
		this.unitStarted = true;
		this.commit = commit;
		this.unitObservation = this.run.observations().unit(unit, this.observation);
		this.run.board().update((status) -> status.withProgress((progress) -> progress.started(unit)));
	}

	/**
	 * Where it is not known what is to be done, code of the user may run between the
	 * units.
	 */
	private boolean isLockToBeChecked() {
		return this.guard.isLockInDoubt() || this.pending == null
				|| System.nanoTime() - this.lockCheckedAt > LOCK_CHECK_INTERVAL.toNanos();
	}

	/**
	 * A unit that the tool skips ends without a word.
	 */
	private void endSkippedUnit() {
		this.session.abandonUnit();
		this.commit = UnitCommit.PER_STATEMENT;
		if (this.unitObservation != null) {
			stopObservation("skipped", null);
			this.run.board().update((status) -> status.withProgress((progress) -> progress.ended(false)));
		}
	}

	@Override
	public void stepStarts(boolean ownCommits) {
		withholdCommits(!ownCommits);
		this.guard.unit().ownStatements();
	}

	private void withholdCommits(boolean withhold) {
		if (this.commit == UnitCommit.WITHHELD && withhold && !this.guard.unit().hasLocalSettings()) {
			this.session.beginUnit();
		}
		else {
			this.session.abandonUnit();
		}
	}

	@Override
	public void stepEnds() {
		this.guard.unit().recordStatements();
		withholdCommits(true);
		checkStatements();
	}

	@Override
	public void stepFails() {
		this.guard.unit().recordStatements();
	}

	@Override
	public void checkFailure() {
		Unit unit = this.guard.unit();
		BlockedStatement blocked = unit.blocked();
		if (blocked != null && blocked.repeatable()) {
			throw blocked(unit, blocked);
		}
	}

	@Override
	public void checkConclusion() {
		this.run.checkStop();
		checkStatements();
	}

	/**
	 * Whatever the tool or code of the user makes of it: a unit that met a lock was not
	 * applied, and a cancel that is not ours wants the migration to end.
	 */
	private void checkStatements() {
		Unit unit = this.guard.unit();
		BlockedStatement blocked = unit.blocked();
		if (blocked != null && !blocked.intended()) {
			throw blocked(unit, blocked);
		}
		SQLException cancelled = unit.cancelled();
		if (cancelled != null) {
			this.run.checkStop();
			throw failedIn(unit.id(), cancelled);
		}
	}

	private UnitBlockedException blocked(Unit unit, BlockedStatement blocked) {
		SessionSample sample = (this.monitor != null) ? this.monitor.lastBlockedSince(unit.executedSince()) : null;
		return new UnitBlockedException(this.run.name(), unit.id(), blocked, sample);
	}

	@Override
	public boolean isUndone() {
		return this.guard.unit().isUndone();
	}

	@Override
	public void checkLock() {
		this.lockCheckedAt = System.nanoTime();
		this.guard.lockChecked();
		try {
			if (!this.session.holdsLock()) {
				throw new LockLostException(this.migrator.getName(), lastUnit());
			}
		}
		catch (SQLException ex) {
			throw new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), null, ex);
		}
	}

	@Override
	public void unitApplied(String unit) {
		this.run.checkStop();
		if (this.commit == UnitCommit.WITHHELD && !this.guard.unit().isRecordedApart()) {
			checkStatements();
		}
		try {
			this.session.commitUnit();
		}
		catch (SQLException ex) {
			throw new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), unit, ex);
		}
		this.commit = UnitCommit.PER_STATEMENT;
		this.run.stop().unitEnds();
		this.guard.end();
		this.guard.unit().forgetFailure();
		this.attempts.ended(Attempt.Outcome.APPLIED);
		this.applied++;
		boolean wasPending = this.pending == null || this.pending.contains(unit);
		stopObservation("success", null);
		this.run.board().update((status) -> status.withProgress((progress) -> progress.ended(wasPending)));
		logger.info("Migration '" + this.migrator.getName() + "' applied '" + unit + "' in "
				+ RunContext.format(Duration.ofNanos(System.nanoTime() - this.guard.unit().start())));
		// What was applied had to be recorded before
		checkStatements();
	}

	@Override
	public void unitFailed(String unit, @Nullable Throwable failure) {
		this.session.abandonUnit();
		this.commit = UnitCommit.PER_STATEMENT;
		this.run.stop().unitEnds();
		this.guard.end();
		stopObservation("failure", failure);
		this.unitFailure = failure;
		if (failure == null) {
			checkStatements();
			this.failed++;
			this.guard.unit().forgetFailure();
			this.run.board().update((status) -> status.withProgress((progress) -> progress.ended(false)));
			logger
				.warn("Migration '%s' failed in '%s', which the unit allows".formatted(this.migrator.getName(), unit));
		}
	}

	private void stopObservation(String outcome, @Nullable Throwable failure) {
		Observation observation = this.unitObservation;
		if (observation != null) {
			this.unitObservation = null;
			RunObservations.stop(observation, outcome, failure);
		}
	}

	@Override
	public void unitsEnd() {
		if (this.unitFailure == null) {
			endSkippedUnit();
		}
		this.session.abandonUnit();
		this.guard.end();
		this.run.stop().unitEnds();
	}

	/**
	 * Return whether the tool got as far as to apply something.
	 */
	boolean hasStartedUnit() {
		return this.unitStarted;
	}

	private @Nullable String lastUnit() {
		return this.unitStarted ? this.guard.unit().id() : null;
	}

	/**
	 * Leave the unit in order after a failure.
	 * @return the failure, as it is to be reported
	 */
	Throwable failed(Throwable failure) {
		Throwable cause = causeOf(failure);
		this.guard.end();
		if (cause instanceof UnitBlockedException blocked) {
			this.attempts.blocked(blocked);
			return blocked;
		}
		return this.failures.explain(cause, this.guard.unit());
	}

	/**
	 * Find the cause of a failure. What a unit failed with says more than what the tool
	 * makes of it: the loss of a connection, for one, hides behind failed attempts to
	 * clean up.
	 */
	private Throwable causeOf(Throwable failure) {
		Unit unit = this.guard.unit();
		boolean unitOpen = this.unitObservation != null;
		this.session.abandonUnit();
		this.run.board().update((status) -> status.withProgress((progress) -> progress.ended(false)));
		MigrationException known = SqlFailures.find(failure, MigrationException.class);
		BlockedStatement blocked = (known == null && isBlocked(unit, failure)) ? unit.blocked() : null;
		stopObservation((blocked != null || known instanceof UnitBlockedException) ? "blocked" : "failure", failure);
		if (known != null) {
			return known;
		}
		if (blocked != null) {
			return blocked(unit, blocked);
		}
		Throwable cause = this.unitFailure;
		if (cause == null) {
			return unitOpen ? failedIn(unit.id(), failure) : failure;
		}
		MigrationException stopped = SqlFailures.find(cause, MigrationException.class);
		return (stopped != null) ? stopped : failedIn(unit.id(), cause);
	}

	/**
	 * Return whether a failure is the block that the unit met, or follows from it. One
	 * that the unit wanted to deal with itself is over if it failed for another reason.
	 */
	private static boolean isBlocked(Unit unit, Throwable failure) {
		BlockedStatement blocked = unit.blocked();
		return blocked != null && (!blocked.intended() || SqlFailures.isCausedBy(failure, blocked.failure()));
	}

	private MigrationFailedException failedIn(@Nullable String unit, Throwable cause) {
		return new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), unit, cause);
	}

	/**
	 * The run has failed for good.
	 * @param failure the failure
	 * @param executing whether the tool was executed at last
	 */
	void failedForGood(Throwable failure, boolean executing) {
		this.guard.end();
		this.attempts.ended(Attempt.Outcome.FAILED);
		if (executing) {
			RunObservations.fail(this.observation, failure);
		}
		else {
			RunObservations.failOrLose(this.observation, failure, this.run.stop());
		}
	}

	private void complete() {
		endSkippedUnit();
		RunObservations.stop(this.observation, "success");
		warnOfUnguarded();
		this.run.board().update((status) -> status.withProgress((progress) -> progress.done()).withState(end()));
		logger.info("Migration '%s' is complete: %s units applied in %s".formatted(this.migrator.getName(),
				this.applied, RunContext.format(Duration.ofNanos(System.nanoTime() - this.start))));
	}

	private void warnOfUnguarded() {
		int elsewhere = this.dataSource.openedElsewhere();
		if (elsewhere > 0) {
			logger.warn(
					"Migration '%s' opened %s connections on other threads. What it did there ran unguarded: not on the session that holds the lock, without lock timeouts, and not counted"
						.formatted(this.migrator.getName(), elsewhere));
			showUnguarded("it migrates on other threads, too");
		}
		if (this.dataSource.isRerouted()) {
			logger.warn(
					"Migration '%s' was led to another database by its routing data source. What it did there ran unguarded: not on the session that holds the lock, and without lock timeouts"
						.formatted(this.migrator.getName()));
			showUnguarded("it was led to another database by its routing data source");
		}
		if (this.dataSource.isBesideTransaction()) {
			logger.warn(
					"Migration '%s' ran while code of the user held a transaction on its session. What it did there ran unguarded: on another connection, and without lock timeouts"
						.formatted(this.migrator.getName()));
			showUnguarded("it ran while a transaction was open on its session");
		}
	}

	private void showUnguarded(String reason) {
		this.run.board().update((status) -> status.withError(new MigrationStatus.Failure(reason, null, null)));
	}

	private MigrationState end() {
		if (this.dataSource.openedElsewhere() > 0 || this.dataSource.isRerouted()
				|| this.dataSource.isBesideTransaction()) {
			return MigrationState.UNGUARDED;
		}
		return hasDoneNothing() ? MigrationState.UP_TO_DATE : MigrationState.COMPLETED;
	}

	/**
	 * Recurring units may be skipped by the tool, each time.
	 */
	private boolean hasDoneNothing() {
		return this.pending != null && !this.preparing && this.applied == 0 && this.failed == 0;
	}

}
