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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

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
 * One guarded run of a {@link Migrator}, from the first look to the unlock: look without
 * a lock, leave if nothing is to be done, else wait for the lock (and leave if somebody
 * else did it all meanwhile), migrate and unlock. All on one session and one thread.
 *
 * @author Migration Guard
 */
final class MigrationRun {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(30);

	private static final int MAX_CREATION_RACES = 5;

	private final Migrator migrator;

	private final GuardSettings settings;

	private final StatusBoard board;

	private final StopSignal stop;

	private final RunObservations observations;

	private final String name;

	MigrationRun(Migrator migrator, GuardSettings settings, StatusBoard board, StopSignal stop,
			RunObservations observations) {
		this.migrator = migrator;
		this.settings = settings;
		this.board = board;
		this.stop = stop;
		this.observations = observations;
		this.name = migrator.getName();
	}

	/**
	 * Run, and leave the final state on the board.
	 * @throws MigrationException if the run failed or was stopped
	 */
	void execute() {
		try {
			if (this.migrator.isSwitchedOff()) {
				runUnguarded();
				return;
			}
			MigrationSession session = connect();
			try {
				execute(session);
			}
			finally {
				this.stop.sessionCloses();
				session.close();
			}
		}
		catch (Exception ex) {
			throw failed(ex);
		}
	}

	private void runUnguarded() throws Exception {
		this.migrator.runUnguarded();
		this.board.state(MigrationState.SKIPPED);
	}

	private MigrationSession connect() {
		this.board.state(MigrationState.CONNECTING);
		MigrationSession session = new DatabaseConnector(this.name,
				new PooledConnectionSource(this.migrator.getDataSource()), this.settings.databaseWaitTimeout(),
				this.stop)
			.connect();
		this.stop.sessionOpened(session);
		return session;
	}

	private void execute(MigrationSession session) throws Exception {
		DatabaseProduct product = DatabaseProduct.of(session.connection());
		this.board.update((status) -> status.withDatabase(product.toStatus(null)));
		if (!product.isPostgres()) {
			logger.info("Migration '%s' is not guarded: %s is not PostgreSQL".formatted(this.name, product.name()));
			session.close();
			runUnguarded();
			return;
		}
		MigrationLook look = look(session);
		this.board.update((status) -> status.withDatabase(product.toStatus(look.target().history().name())));
		if (look.isUpToDate()) {
			leave("nothing is pending, the lock was not needed");
			return;
		}
		LockKey key = (this.settings.lockName() != null)
				? LockKey.of(this.settings.lockName(), this.settings.lockName())
				: LockKey.of(look.target().lockIdentity(), look.target().lockName());
		this.board.update((status) -> status.withLock(MigrationStatus.Lock.unlocked(key)));
		session.prepare(key, this.settings.instance(), this.settings.sessionSettings());
		migrateUnderLock(session, key, look);
	}

	private MigrationLook look(MigrationSession session) throws Exception {
		this.stop.check(this.name);
		MigrationLook look = this.migrator.look(session.connection());
		if (look.certainty() == MigrationLook.Certainty.KNOWN) {
			this.board.update((status) -> status.withProgress(Progress.of(look)));
		}
		return look;
	}

	private void migrateUnderLock(MigrationSession session, LockKey key, MigrationLook look) throws Exception {
		boolean lost = false;
		MigrationLook due = acquire(session, key, look);
		while (due != null) {
			try {
				migrate(session, key, due);
				return;
			}
			catch (Exception ex) {
				LockLostException loss = SqlFailures.find(ex, LockLostException.class);
				if (loss == null || lost) {
					throw ex;
				}
				lost = true;
				logger.warn(loss.getMessage() + ". It is acquired again, then the migration goes on");
				session.rejoin();
				due = acquire(session, key, look(session));
			}
		}
	}

	/**
	 * Wait until the lock is ours or nothing is left to be waited for.
	 * @return what is due if the lock is ours, else {@code null}
	 */
	private @Nullable MigrationLook acquire(MigrationSession session, LockKey key, MigrationLook look)
			throws Exception {
		Instant acquiredAt = session.tryLock();
		if (acquiredAt != null) {
			acquired(key, acquiredAt, Duration.ZERO);
			return look;
		}
		if (!look.hasToWait()) {
			leave("only recurring units are due, and the holder of the lock runs them");
			return null;
		}
		Observation observation = this.observations.lockWait();
		try {
			MigrationLook due = await(session, key, look);
			RunObservations.stop(observation, (due != null) ? "acquired" : "satisfied");
			return due;
		}
		catch (Exception ex) {
			RunObservations.fail(observation, ex);
			throw ex;
		}
	}

	private @Nullable MigrationLook await(MigrationSession session, LockKey key, MigrationLook firstLook)
			throws Exception {
		LockWait wait = new LockWait(this.settings.lockWaitTimeout());
		this.board.update((status) -> status.withLock((lock) -> lock.waiting(wait.startedAt(), wait.timeoutAt(), null))
			.withState(MigrationState.WAITING));
		session.listen();
		MigrationLook look = firstLook;
		long lookedAt = System.nanoTime();
		boolean released = false;
		HistoryFingerprint base = null;
		HistoryTable history = visibleHistory(session, look);
		while (true) {
			this.stop.check(this.name);
			LockWatch watch = watch(session, history);
			base = (base != null) ? base : watch.history();
			boolean lookAgain = released || isDone(look, base, watch.history())
					|| System.nanoTime() - lookedAt > LOOK_AGAIN_AFTER.toNanos();
			if (lookAgain && look.certainty() != MigrationLook.Certainty.ALWAYS) {
				look = look(session);
				lookedAt = System.nanoTime();
				base = null;
				history = visibleHistory(session, look);
				if (!look.hasToWait()) {
					leave("another instance applied everything after a wait of " + format(wait.waited()));
					return null;
				}
			}
			if (watch.participants().holder() == null || released) {
				Instant acquiredAt = session.tryLock();
				if (acquiredAt != null) {
					acquired(key, acquiredAt, wait.waited());
					return leaveIfNothingLeft(session, key, look);
				}
			}
			waiting(wait, key, watch, look, base);
			released = session.awaitRelease(jittered());
		}
	}

	/**
	 * A waiter that got the lock looks once more: the former holder may have done it all
	 * between the last look and its unlock.
	 */
	private @Nullable MigrationLook leaveIfNothingLeft(MigrationSession session, LockKey key, MigrationLook lastLook)
			throws Exception {
		if (lastLook.certainty() == MigrationLook.Certainty.ALWAYS) {
			return lastLook;
		}
		MigrationLook look = look(session);
		if (look.hasToWait()) {
			return look;
		}
		this.migrator.releaseStaleLock(session.connection(), look.target(), key);
		unlock(session);
		leave("another instance applied everything");
		return null;
	}

	private @Nullable HistoryTable visibleHistory(MigrationSession session, MigrationLook look) throws SQLException {
		HistoryTable history = look.target().history();
		return session.tableExists(history.identifier()) ? history : null;
	}

	/**
	 * Whether enough was recorded since the last look that all that was pending may be
	 * there.
	 */
	private static boolean isDone(MigrationLook look, @Nullable HistoryFingerprint base, HistoryFingerprint now) {
		return base != null && !base.equals(now) && now.count() - base.count() >= look.unrecorded();
	}

	private LockWatch watch(MigrationSession session, @Nullable HistoryTable history) throws SQLException {
		try {
			return session.watch(history);
		}
		catch (SQLException ex) {
			if (history == null || SqlFailures.isConnectionLost(ex)) {
				throw ex;
			}
			logger.debug("The history table cannot be read at the moment", ex);
			return session.watch(null);
		}
	}

	private void waiting(LockWait wait, LockKey key, LockWatch watch, MigrationLook look,
			@Nullable HistoryFingerprint base) {
		LockParticipant holder = watch.participants().holder();
		wait.seen(holder, watch.history());
		int grown = (base != null) ? (int) Math.max(0, watch.history().count() - base.count()) : 0;
		this.board.update((status) -> status
			.withLock((lock) -> lock.waiting(wait.startedAt(), wait.timeoutAt(), watch.participants()))
			.withProgress(Progress.of(look).grown(grown)));
		if (wait.isOver()) {
			throw new LockWaitTimeoutException(this.name, key, this.settings.lockWaitTimeout(), holder, null);
		}
		if (wait.isLogDue()) {
			logger.info("Migration '%s' waits for the lock '%s' since %s, held by %s, %d waiting, %d units pending"
				.formatted(this.name, key.name(), format(wait.waited()),
						(holder != null) ? holder.describe() : "nobody at the moment",
						watch.participants().waiters().size(), look.pending().size()));
		}
	}

	/**
	 * About a second, so that waiters do not ask all at once.
	 */
	private static Duration jittered() {
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(900, 1200));
	}

	private void acquired(LockKey key, Instant acquiredAt, Duration waited) {
		this.board.update((status) -> status.withLock((lock) -> lock.acquired(acquiredAt)));
		logger.info("Migration '%s' holds the lock '%s'%s".formatted(this.name, key.name(),
				waited.isZero() ? "" : " after a wait of " + format(waited)));
	}

	private void leave(String reason) {
		this.board.update((status) -> status.withLock(MigrationStatus.Lock::left)
			.withProgress((progress) -> progress.done())
			.withState(MigrationState.UP_TO_DATE));
		logger.info("Migration '%s' is up to date: %s".formatted(this.name, reason));
	}

	private void migrate(MigrationSession session, LockKey key, MigrationLook look) throws Exception {
		session.beforeRun();
		for (int race = 0;; race++) {
			awaitToolLock(session, key, look.target());
			try {
				runTool(session, key, look);
				return;
			}
			catch (Exception ex) {
				if (SqlFailures.find(ex, ToolLockTakenException.class) == null && !isCreationRace(ex, race)) {
					throw ex;
				}
				logger.debug("Somebody who is not guarded was faster, trying again", ex);
				this.stop.pause(this.name, jittered());
			}
		}
	}

	/**
	 * Somebody who is not guarded creates the tool's tables at this moment: no unit was
	 * started yet.
	 */
	private boolean isCreationRace(Exception ex, int race) {
		Progress progress = this.board.get().progress();
		return race < MAX_CREATION_RACES && SqlFailures.isCreatedByAnother(ex)
				&& (progress == null || progress.current() == null);
	}

	private void awaitToolLock(MigrationSession session, LockKey key, MigrationTarget target) throws SQLException {
		LockWait wait = new LockWait(this.settings.lockWaitTimeout());
		while (true) {
			ToolLock found = this.migrator.findForeignLock(session.connection(), target, key);
			if (found == null) {
				return;
			}
			wait.seen(found);
			this.board.update((status) -> status.withState(MigrationState.WAITING_FOR_CHANGELOG_LOCK)
				.withToolLock(found)
				.withLock((lock) -> lock.waitingForTool(wait.startedAt(), wait.timeoutAt())));
			if (wait.isOver()) {
				throw new LockWaitTimeoutException(this.name, key, this.settings.lockWaitTimeout(), null, found);
			}
			if (wait.isLogDue()) {
				logger.warn("""
						Migration '%s' waits for %s, locked by '%s' since %s, who is not guarded. \
						If that one is gone, release it with: %s""".formatted(this.name, found.table(),
						found.lockedBy(), found.since(), found.remedy()));
			}
			this.stop.pause(this.name, jittered());
		}
	}

	private void runTool(MigrationSession session, LockKey key, MigrationLook look) throws Exception {
		Lock jvmLock = this.migrator.getJvmLock();
		lockInJvm(jvmLock);
		RunningMigration running = new RunningMigration(this.migrator, session, look, key, this.settings.instance(),
				this.board, this.stop, this.observations);
		try {
			this.stop.enterMigration(this.name);
			this.board
				.update((status) -> status.withLock(MigrationStatus.Lock::held).withState(MigrationState.MIGRATING));
			this.migrator.migrate(running);
			running.completed();
			unlock(session);
		}
		catch (Exception ex) {
			running.failed(ex);
			throw (running.failedUnit() != null && SqlFailures.find(ex, MigrationException.class) == null)
					? new MigrationFailedException(this.name, this.migrator.getTool(), running.failedUnit(), ex) : ex;
		}
		finally {
			this.stop.leaveMigration();
			if (jvmLock != null) {
				jvmLock.unlock();
			}
		}
	}

	private void lockInJvm(@Nullable Lock jvmLock) throws InterruptedException {
		while (jvmLock != null && !jvmLock.tryLock(1, TimeUnit.SECONDS)) {
			this.stop.check(this.name);
		}
	}

	/**
	 * What was recorded stays recorded: a failed unlock is no failed run. The lock goes
	 * with the session, which is closed next.
	 */
	private void unlock(MigrationSession session) {
		try {
			if (!session.unlock()) {
				logger.warn(
						"Migration '%s' is done, but its session did not hold the lock any more".formatted(this.name));
			}
		}
		catch (SQLException ex) {
			logger.warn("Migration '%s' is done, but the lock could not be released: its connection is closed"
				.formatted(this.name), ex);
		}
	}

	private MigrationException failed(Exception ex) {
		MigrationException failure = SqlFailures.find(ex, MigrationException.class);
		if (this.stop.isRequested() && !(failure instanceof MigrationStoppedException)) {
			failure = new MigrationStoppedException(this.name,
					"The application was stopped during the migration '%s'".formatted(this.name));
			failure.addSuppressed(ex);
		}
		if (failure == null) {
			failure = new MigrationFailedException(this.name, this.migrator.getTool(), null, ex);
		}
		MigrationStatus.Failure error = MigrationStatus.Failure.of(failure);
		MigrationState state = (failure instanceof MigrationStoppedException) ? MigrationState.ABORTED
				: MigrationState.FAILED;
		this.board.update((status) -> status.withError(error).withState(state));
		return failure;
	}

	static String format(Duration duration) {
		return "%d.%03d s".formatted(duration.toSeconds(), duration.toMillisPart());
	}

}
