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

import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Opens the session of a run, with patience for a database that is not up yet or out of
 * connection slots.
 *
 * @author Migration Guard
 */
final class DatabaseConnector {

	private static final Log logger = LogFactory.getLog(DatabaseConnector.class);

	private final RunContext run;

	private final PooledConnectionSource source;

	private final Duration timeout;

	private final Duration left;

	private final WaitLog log = new WaitLog();

	private final long start = System.nanoTime();

	/**
	 * Create a connector.
	 * @param run the run
	 * @param left how much is left of the time for which the database may be unavailable
	 */
	DatabaseConnector(RunContext run, Duration left) {
		this.run = run;
		this.source = new PooledConnectionSource(run.migrator().getDataSource());
		this.timeout = run.settings().databaseWaitTimeout();
		this.left = left;
	}

	MigrationSession connect() {
		BackOffExecution pauses = pauses().start();
		while (true) {
			try {
				return open();
			}
			catch (Exception ex) {
				this.run.checkStop();
				failed(ex);
				this.run.stop().pause(this.run.name(), Duration.ofMillis(pauses.nextBackOff()));
			}
		}
	}

	/**
	 * A driver that connects to a server which does not answer may not hear an interrupt,
	 * so it is called on another thread where that makes no difference.
	 */
	private MigrationSession open() throws Exception {
		return this.source.isForAnyThread() ? this.run.stop().await(this.run.name(), this::openUnlessStopped)
				: this.run.stop().interruptibly(this.run.name(), this::openUnlessStopped);
	}

	/**
	 * Nobody waits any more for a session that comes too late.
	 */
	private MigrationSession openUnlessStopped() throws SQLException {
		MigrationSession session = MigrationSession.open(this.source);
		if (this.run.stop().isRequested()) {
			session.close();
			this.run.checkStop();
		}
		return session;
	}

	private static ExponentialBackOff pauses() {
		ExponentialBackOff pauses = new ExponentialBackOff(200, 2);
		pauses.setJitter(50);
		pauses.setMaxInterval(2000);
		return pauses;
	}

	/**
	 * Publish why there is no connection.
	 * @throws DatabaseUnavailableException if it is not tried again
	 */
	private void failed(Exception failure) {
		Duration waited = Duration.ofNanos(System.nanoTime() - this.start);
		String message = SqlFailures.findMessage(failure);
		this.run.board()
			.update((status) -> status
				.withError(new MigrationStatus.Failure(message, SqlFailures.findSqlState(failure), null)));
		boolean mayComeUp = SqlFailures.isNotThereYet(failure);
		if (this.timeout.isZero() || !mayComeUp || waited.compareTo(this.left) >= 0) {
			ServerCheck.throwIfUnfit(this.run, failure);
			throw new DatabaseUnavailableException(this.run.name(), mayComeUp ? this.timeout : null, failure);
		}
		if (failure instanceof SQLException && this.log.isDue(waited)) {
			logger.warn("Migration '%s' cannot connect to its database yet, trying for %s: %s"
				.formatted(this.run.name(), this.timeout, message));
		}
	}

}
