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
import java.util.concurrent.TimeUnit;

import io.github.migrationguard.ddl.RunningStatement;
import io.github.migrationguard.ddl.StallGuard;
import io.github.migrationguard.ddl.StatementGuard;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.watch.BlockerEnforcement;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.LockWaits;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import io.github.migrationguard.watch.SessionSampler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Watches the session that migrates from a connection of its own, while a statement runs
 * that does not end at once: publishes what it meets, cancels it when others are queued
 * behind it for too long, and cuts it off when the server has lost it.
 * <p>
 * A thread of its own, as long as the tool runs. A run whose statements are all quick
 * opens no connection.
 *
 * @author Migration Guard
 */
final class RunMonitor implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	/**
	 * What ends within this time is not worth a connection.
	 */
	private static final Duration QUICK = Duration.ofMillis(100);

	private static final Duration STEP = Duration.ofMillis(50);

	/**
	 * What a unit computes between two statements within this time is not worth a look.
	 */
	private static final Duration IDLE = Duration.ofSeconds(1);

	private static final int TIMEOUT_SECONDS = 5;

	private static final long CLOSE_TIMEOUT_MILLIS = 2000;

	private final RunContext run;

	private final MigrationSession session;

	private final int pid;

	private final StatementGuard statements;

	private final StallGuard stallGuard;

	private final MonitoringDataSource dataSource;

	private final Thread thread = new Thread(this::watch, "migration-guard-monitor");

	private final BlockerEnforcement enforcement;

	private final BlockedLog blockedLog;

	private volatile boolean closed;

	private volatile @Nullable Sight lastBlocked;

	private @Nullable Connection connection;

	private boolean autoCommit;

	private boolean seenAlive;

	private final ServerSilence silence = new ServerSilence();

	private final IdleUnit idleUnit;

	RunMonitor(RunContext run, MigrationSession session, int pid, StatementGuard statements, StallGuard stallGuard,
			BlockerEnforcement enforcement, BlockedLog blockedLog, boolean seenAlive) {
		this.run = run;
		this.session = session;
		this.pid = pid;
		this.statements = statements;
		this.stallGuard = stallGuard;
		this.dataSource = new MonitoringDataSource(run.migrator().getDataSource(), TIMEOUT_SECONDS);
		this.enforcement = enforcement;
		this.blockedLog = blockedLog;
		this.seenAlive = seenAlive;
		this.idleUnit = new IdleUnit(run, session);
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Return what a statement met when it was seen last while it waited for a lock.
	 * @param since when the unit was started, as of {@link System#nanoTime()}
	 * @return what was seen, or {@code null} if it was not seen
	 */
	@Nullable SessionSample lastBlockedSince(long since) {
		Sight sight = this.lastBlocked;
		return (sight != null && sight.at() - since >= 0) ? sight.sample() : null;
	}

	private void watch() {
		while (!this.closed) {
			RunningStatement statement = this.statements.running();
			String idle = idleUnit(statement);
			if (this.run.board().get().state() == MigrationState.BACKING_OFF) {
				// A statement waits for its next attempt, and publishes what it waits for
				pause(STEP);
			}
			else if (idle != null) {
				sampleIdle(idle);
				pauseWhileIdle(this.run.settings().watchInterval());
			}
			else if (statement == null || statement.runningFor().compareTo(QUICK) < 0) {
				this.run.board().sample(null);
				pause(STEP);
			}
			else {
				Duration remaining = sample(statement);
				pauseWhileRunning(statement, this.stallGuard.pause(remaining, this.run.settings().watchInterval()));
			}
		}
		disconnect();
	}

	/**
	 * Return the unit that has executed nothing for a while, or {@code null} if there is
	 * none.
	 */
	private @Nullable String idleUnit(@Nullable RunningStatement statement) {
		MigrationStatus.Progress progress = this.run.board().get().progress();
		String unit = (progress != null) ? progress.current() : null;
		long now = System.nanoTime();
		long ended = this.statements.lastEnded();
		boolean idle = statement == null && ended != 0 && now - ended > IDLE.toNanos();
		return idle ? unit : null;
	}

	/**
	 * Look whom the unit blocks, which may be its own code.
	 */
	private void sampleIdle(String unit) {
		try {
			SessionSample sample = SessionSampler.sample(connect(), this.pid, TIMEOUT_SECONDS);
			if (this.statements.running() == null) {
				this.run.board().sample((sample.queuedBehind().count() > 0) ? sample : null);
				this.idleUnit.seen(sample, unit);
			}
		}
		catch (SQLException | RuntimeException ex) {
			this.run.board().sample(null);
			logger.debug("The session of the migration cannot be watched", ex);
			disconnect();
		}
	}

	private void pauseWhileIdle(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		while (System.nanoTime() < end && !this.closed && this.statements.running() == null) {
			pause(STEP);
		}
	}

	/**
	 * Sample the session, and act.
	 * @return how much longer the statement may wait, or {@code null} if nothing limits
	 * it
	 */
	private @Nullable Duration sample(RunningStatement statement) {
		long asked = System.nanoTime();
		try {
			Connection connection = connect();
			SessionSample sample = SessionSampler.sample(connection, this.pid, TIMEOUT_SECONDS);
			this.silence.answered();
			if (!isRunning(statement)) {
				return null;
			}
			if (!sample.alive()) {
				lost(connection);
				return null;
			}
			this.seenAlive = true;
			publish(sample);
			this.enforcement.apply(connection, sample.blockers());
			return cancelIfOver(connection, statement, sample);
		}
		catch (SQLException | RuntimeException ex) {
			failed(ex, statement, asked);
			return null;
		}
	}

	private void publish(SessionSample sample) {
		if (!sample.blockers().isEmpty()) {
			this.lastBlocked = new Sight(sample, System.nanoTime());
		}
		this.run.board().sample(sample);
		this.blockedLog.seen(sample);
	}

	private @Nullable Duration cancelIfOver(Connection connection, RunningStatement statement, SessionSample sample)
			throws SQLException {
		Duration remaining = this.stallGuard.remaining(statement, sample);
		LockRequest waitingFor = sample.waitingFor();
		if (remaining == null || waitingFor == null || (!remaining.isNegative() && !remaining.isZero())) {
			return remaining;
		}
		if (this.statements.cancel(statement,
				() -> LockWaits.cancel(connection, this.pid, waitingFor, TIMEOUT_SECONDS))) {
			logger.info("Migration '%s' steps aside: %s".formatted(this.run.name(), reason(sample)));
		}
		return null;
	}

	private static String reason(SessionSample sample) {
		QueuedSessions queued = sample.queuedBehind();
		return (queued.count() > 0)
				? "%s sessions were queued behind its statement for up to %s".formatted(queued.count(),
						BlockedLog.format(queued.longestWait()))
				: "its statement has waited for a lock for as long as migration-guard.ddl.lock-timeout says";
	}

	private Connection connect() throws SQLException {
		Connection connection = this.connection;
		if (connection == null) {
			connection = this.dataSource.getConnection();
			this.connection = connection;
			this.autoCommit = connection.getAutoCommit();
			if (!this.autoCommit) {
				// An open transaction would be in the way of CREATE INDEX CONCURRENTLY
				connection.setAutoCommit(true);
			}
			checkDeadlockTimeout(LockWaits.deadlockTimeout(connection, TIMEOUT_SECONDS));
		}
		return connection;
	}

	private void checkDeadlockTimeout(Duration deadlockTimeout) {
		this.stallGuard.setDeadlockTimeout(deadlockTimeout);
		Duration lockTimeout = this.run.settings().ddl().lockTimeout();
		if (lockTimeout.compareTo(deadlockTimeout) <= 0) {
			logger.warn(("The lock timeout of %s ms (migration-guard.ddl.lock-timeout) does not exceed the"
					+ " deadlock_timeout of the server, %s ms: an autovacuum that is in the way is cancelled by the"
					+ " server only after the latter")
				.formatted(lockTimeout.toMillis(), deadlockTimeout.toMillis()));
		}
	}

	/**
	 * An answer of the server is one, even if it refuses. Where the session was never
	 * seen, a connection that fails tells nothing about the one of the session.
	 */
	private void failed(Exception failure, RunningStatement statement, long asked) {
		this.run.board().sample(null);
		logger.debug("The session of the migration cannot be watched", failure);
		if (!SqlFailures.isUnreachable(failure)) {
			this.silence.answered();
			if (SqlFailures.isConnectionLost(failure)) {
				disconnect();
			}
			return;
		}
		disconnect();
		boolean over = this.silence.unanswered(statement, asked, System.nanoTime());
		if (over && this.seenAlive && this.dataSource.isDerived() && isRunning(statement)) {
			logger.warn("Migration '%s' is cut off: the server has not answered for %s s".formatted(this.run.name(),
					ServerSilence.MAX.toSeconds()));
			this.session.abort();
		}
	}

	/**
	 * Another server may have answered if the session was never seen there, or if it is
	 * none to migrate on.
	 */
	private void lost(Connection connection) throws SQLException {
		if (!this.seenAlive) {
			return;
		}
		if (LockWaits.isStandby(connection, TIMEOUT_SECONDS)) {
			disconnect();
			return;
		}
		logger.warn(
				"Migration '%s' is cut off: the server does not know its session any more".formatted(this.run.name()));
		this.session.abort();
	}

	private void disconnect() {
		Connection connection = this.connection;
		this.connection = null;
		if (connection != null) {
			try (connection) {
				if (!this.autoCommit) {
					connection.setAutoCommit(false);
				}
			}
			catch (SQLException ex) {
				logger.debug("Could not close the monitoring connection", ex);
			}
		}
	}

	private boolean isRunning(RunningStatement statement) {
		RunningStatement running = this.statements.running();
		return running != null && running.id() == statement.id();
	}

	private void pauseWhileRunning(RunningStatement statement, Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		long left = duration.toNanos();
		while (left > 0 && !this.closed && isRunning(statement)) {
			pause(Duration.ofNanos(Math.min(left, STEP.toNanos())));
			left = end - System.nanoTime();
		}
	}

	private synchronized void pause(Duration duration) {
		if (!this.closed) {
			try {
				TimeUnit.NANOSECONDS.timedWait(this, duration.toNanos());
			}
			catch (InterruptedException ex) {
				this.closed = true;
			}
		}
	}

	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
			notifyAll();
		}
		boolean interrupted = Thread.interrupted();
		try {
			this.thread.join(CLOSE_TIMEOUT_MILLIS);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		this.run.board().sample(null);
	}

	private record Sight(SessionSample sample, long at) {
	}

}
