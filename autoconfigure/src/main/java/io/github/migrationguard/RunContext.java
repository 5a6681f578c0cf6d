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

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

import io.github.migrationguard.MigrationStatus.Database;
import io.github.migrationguard.MigrationStatus.Progress;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What every part of one run works with.
 *
 * @param migrator what is run
 * @param settings the settings of the guard
 * @param board where the status is published
 * @param stop tells when to stop
 * @param observations what is observed
 * @param migrators all migrators of the application, as far as they are known
 * @author Migration Guard
 */
record RunContext(Migrator migrator, GuardSettings settings, StatusBoard board, StopSignal stop,
		RunObservations observations, Supplier<List<Migrator>> migrators) {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final Duration AFTER_FALSE_NOTIFICATION = Duration.ofMillis(200);

	String name() {
		return this.migrator.getName();
	}

	@Nullable String databaseUrl() {
		Database database = this.board.get().database();
		return (database != null) ? database.url() : null;
	}

	String databaseProduct() {
		Database database = this.board.get().database();
		return (database != null) ? database.product() : "the database";
	}

	/**
	 * Fail if the application is being stopped.
	 */
	void checkStop() {
		this.stop.check(name());
	}

	/**
	 * See what is due, and publish it.
	 */
	MigrationLook look(MigrationSession session) throws Exception {
		checkStop();
		MigrationLook look = (this.settings.role() == MigrationRole.WAIT)
				? this.migrator.lookAsWaiter(session.connection()) : this.migrator.look(session.connection());
		return publish(look.unknown().isEmpty() ? look : look.withUnknown(unknownToAll(look, session)));
	}

	private MigrationLook publish(MigrationLook look) {
		if (look.certainty() == MigrationLook.Certainty.KNOWN) {
			this.board.update((status) -> status.withProgress(Progress.of(look)));
		}
		return look;
	}

	/**
	 * Several beans may share a history.
	 * @return the units that no migrator of this application knows
	 */
	private List<String> unknownToAll(MigrationLook look, MigrationSession session) throws SQLException {
		List<String> unknown = new ArrayList<>(look.unknown());
		for (Migrator other : this.migrators.get()) {
			if (!unknown.isEmpty() && maySeeTheSame(other)) {
				unknown.retainAll(unknownTo(other, look, session));
			}
		}
		return unknown;
	}

	/**
	 * The migrators of a group have a history each, of which there may be hundreds.
	 */
	private boolean maySeeTheSame(Migrator other) {
		return other != this.migrator && other.getTool().equals(this.migrator.getTool())
				&& other.getGroup().equals(other.getName())
				&& TargetDataSource.of(other.getDataSource()) == TargetDataSource.of(this.migrator.getDataSource());
	}

	private List<String> unknownTo(Migrator other, MigrationLook look, MigrationSession session) throws SQLException {
		try {
			MigrationLook seen = other.look(session.connection());
			boolean comparable = seen.target().equals(look.target())
					&& seen.certainty() != MigrationLook.Certainty.UNCLEAR;
			return comparable ? seen.unknown() : look.unknown();
		}
		catch (Exception ex) {
			if (ex instanceof SQLException failure && SqlFailures.isConnectionLost(failure)) {
				throw failure;
			}
			logger.debug("What '%s' knows of the history is not known".formatted(other.getName()), ex);
			return look.unknown();
		}
		finally {
			other.forget();
		}
	}

	/**
	 * Publish that this instance waits, and whom it sees.
	 */
	void waiting(LockWait wait, @Nullable LockParticipants participants) {
		this.board.update(
				(status) -> status.withLock((lock) -> lock.waiting(wait.startedAt(), wait.timeoutAt(), participants))
					.withState(MigrationState.WAITING));
	}

	/**
	 * See whether the release that was notified is one: everybody may notify, again and
	 * again, so what is none is followed by a short rest.
	 */
	boolean isReleased(LockWait wait, LockParticipants participants) {
		boolean released = !wait.isHeldAsBefore(participants.holder());
		if (!released) {
			this.stop.pause(name(), AFTER_FALSE_NOTIFICATION);
		}
		return released;
	}

	/**
	 * Wait for the release of the lock to be notified, or until the application is being
	 * stopped.
	 */
	boolean awaitRelease(MigrationSession session, Duration timeout) throws Exception {
		return this.stop.await(name(), () -> session.awaitRelease(timeout));
	}

	/**
	 * Nothing is left to be done here.
	 */
	void upToDate(String reason) {
		this.board.update((status) -> status.withError(null)
			.withLock(MigrationStatus.Lock::left)
			.withProgress((progress) -> progress.done())
			.withState(MigrationState.UP_TO_DATE));
		logger.info("Migration '%s' is up to date: %s".formatted(name(), reason));
	}

	/**
	 * Migrate: kept apart from other migrations of this JVM where the tool needs that,
	 * and with time to finish when the application is stopped.
	 */
	void migrating(Action action) throws Exception {
		Lock jvmLock = this.migrator.getJvmLock();
		if (jvmLock != null) {
			lock(jvmLock);
		}
		try {
			this.stop.enterMigration(name());
			action.run();
		}
		finally {
			this.stop.leaveMigration();
			if (jvmLock != null) {
				jvmLock.unlock();
			}
		}
	}

	private void lock(Lock jvmLock) throws Exception {
		this.stop.interruptibly(name(), () -> {
			jvmLock.lockInterruptibly();
			return true;
		});
	}

	/**
	 * What was recorded stays recorded: a failed unlock is no failed run. The lock goes
	 * with the session, which is closed next.
	 */
	void unlock(MigrationSession session) {
		try {
			if (!session.unlock()) {
				logger.warn("Migration '%s' is done, but its session did not hold the lock any more".formatted(name()));
			}
		}
		catch (SQLException ex) {
			logger.warn("Migration '%s' is done, but the lock could not be released: its connection is closed"
				.formatted(name()), ex);
		}
	}

	static String format(Duration duration) {
		return BigDecimal.valueOf(duration.toMillis(), 3).toPlainString() + " s";
	}

	/**
	 * Something that may fail.
	 */
	@FunctionalInterface
	interface Action {

		void run() throws Exception;

	}

}
