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
import java.time.Instant;
import java.util.List;

import io.github.migrationguard.ddl.BlockedStatement.Reason;
import io.github.migrationguard.ddl.StatementGuard;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.watch.BackingOff;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerEnforcement;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import io.github.migrationguard.watch.SessionSampler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Waits, after a unit was blocked, until the transactions that were in its way are gone.
 * That is seen in the table of locks, without queueing: a train of blind attempts would
 * stall everybody else once per attempt. The clock only decides where nobody knows who
 * was in the way.
 * <p>
 * The session is idle meanwhile, in no transaction, and keeps the migration lock.
 *
 * @author Migration Guard
 */
final class UnitBackOff {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final int TIMEOUT_SECONDS = 5;

	private final RunContext run;

	private final MigrationSession session;

	private final UnitAttempts attempts;

	private final BlockerEnforcement enforcement;

	private final BlockedLog blockedLog;

	private @Nullable String unit;

	private long firstBlocked;

	private long behindBackup;

	private BackOffExecution shortest = watched().start();

	private BackOffExecution blind = blind().start();

	UnitBackOff(RunContext run, MigrationSession session, UnitAttempts attempts, BlockerEnforcement enforcement,
			BlockedLog blockedLog) {
		this.run = run;
		this.session = session;
		this.attempts = attempts;
		this.enforcement = enforcement;
		this.blockedLog = blockedLog;
	}

	/**
	 * The least time between two attempts, where it is seen who is in the way.
	 */
	private static ExponentialBackOff watched() {
		ExponentialBackOff backOff = new ExponentialBackOff(100, 1.5);
		backOff.setMaxInterval(2000);
		return backOff;
	}

	/**
	 * The time between two attempts, where it is not.
	 */
	private static ExponentialBackOff blind() {
		ExponentialBackOff backOff = new ExponentialBackOff(1000, 2);
		backOff.setJitter(250);
		backOff.setMaxInterval(60_000);
		return backOff;
	}

	/**
	 * Wait until the unit can be tried again.
	 * @param blocked how it was blocked
	 * @throws DdlBlockedException if it is not to be tried again
	 */
	void await(UnitBlockedException blocked) throws SQLException {
		startTime(blocked.getUnit());
		if (!blocked.getBlocked().repeatable()) {
			throw giveUp(blocked,
					"statements of the unit that are not rolled back were executed before and would be executed twice");
		}
		SessionSample met = blocked.getSample();
		LockRequest wanted = (met != null && blocked.getBlocked().reason() != Reason.DEADLOCK) ? met.waitingFor()
				: null;
		List<Blocker> blockers = (met != null) ? met.directBlockers() : List.of();
		this.run.board().state(MigrationState.BACKING_OFF);
		this.session.backOff(BackingOff.describe(blockers, wanted));
		logger.info("Migration '%s' will try '%s' again when %s".formatted(this.run.name(), blocked.getUnit(),
				(wanted != null) ? "nobody who was in the way is there any more" : "some time has passed"));
		try {
			if (wanted != null && !blockers.isEmpty()) {
				awaitGone(blocked, wanted, blockers);
			}
			else {
				pause(blocked, this.blind.nextBackOff());
			}
		}
		finally {
			this.run.board().sample(null);
		}
	}

	private void startTime(String unit) {
		if (!unit.equals(this.unit)) {
			this.unit = unit;
			this.firstBlocked = System.nanoTime();
			this.behindBackup = 0;
			this.shortest = watched().start();
			this.blind = blind().start();
		}
	}

	private void awaitGone(UnitBlockedException blocked, LockRequest wanted, List<Blocker> remembered)
			throws SQLException {
		long earliest = System.nanoTime() + Duration.ofMillis(this.shortest.nextBackOff()).toNanos();
		List<Blocker> inTheWay = remembered;
		while (!inTheWay.isEmpty() || System.nanoTime() < earliest) {
			long start = System.nanoTime();
			pause(blocked, inTheWay.isEmpty() ? Math.max(1, (earliest - start) / 1_000_000)
					: this.run.settings().watchInterval().toMillis());
			if (inTheWay.stream().anyMatch((blocker) -> blocker.kind() == BlockerKind.BACKUP)) {
				this.behindBackup += System.nanoTime() - start;
			}
			inTheWay = lookAgain(wanted, remembered, inTheWay);
		}
	}

	/**
	 * See who is left of those who were in the way. Where somebody cancels that, nothing
	 * of the unit is cancelled, and the next time tells.
	 */
	private List<Blocker> lookAgain(LockRequest wanted, List<Blocker> remembered, List<Blocker> seen)
			throws SQLException {
		try {
			return findInTheWay(wanted, remembered);
		}
		catch (SQLException ex) {
			if (!StatementGuard.isCancel(ex)) {
				throw ex;
			}
			logger.debug("Could not see who is in the way of '%s'".formatted(this.unit), ex);
			return seen;
		}
	}

	/**
	 * Return who is left of those who were in the way, and publish that.
	 */
	private List<Blocker> findInTheWay(LockRequest wanted, List<Blocker> remembered) throws SQLException {
		try (Connection connection = this.session.connection()) {
			List<Blocker> inTheWay = SessionSampler.findHolders(connection, wanted, remembered, TIMEOUT_SECONDS);
			if (inTheWay.isEmpty()) {
				return List.of();
			}
			SessionSample sample = new SessionSample(Instant.now(), true, wanted, inTheWay, QueuedSessions.NONE, null);
			this.run.board().sample(sample);
			this.blockedLog.seen(sample);
			this.enforcement.apply(connection, inTheWay);
			return inTheWay;
		}
	}

	private void pause(UnitBlockedException blocked, long millis) throws DdlBlockedException {
		Duration maxDuration = this.run.settings().ddl().retryMaxDuration();
		if (System.nanoTime() - this.firstBlocked - this.behindBackup >= maxDuration.toNanos()) {
			throw giveUp(blocked, "it was tried for " + BlockedLog.format(maxDuration)
					+ ", as long as migration-guard.ddl.retry.max-duration says");
		}
		this.run.stop().pause(this.run.name(), Duration.ofMillis(millis));
	}

	private DdlBlockedException giveUp(UnitBlockedException blocked, String why) {
		return new DdlBlockedException(this.run.name(), this.run.migrator().getTool(), blocked, this.attempts.blocked(),
				why);
	}

}
