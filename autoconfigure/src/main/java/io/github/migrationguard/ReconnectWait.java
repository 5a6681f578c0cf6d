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

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The wait of a run that has lost its session while nothing of a migration was executed:
 * the server was restarted, another one took its place, the network dropped the packets
 * or somebody ended the session. The run starts again with a new one.
 *
 * @author Migration Guard
 */
final class ReconnectWait {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	/**
	 * A session that lived longer is lost for another reason than the one before.
	 */
	private static final Duration SHORT_LIVED = Duration.ofSeconds(30);

	private final RunContext run;

	private WaitLog log = new WaitLog();

	private long outage;

	private long connected;

	private boolean lost;

	ReconnectWait(RunContext run) {
		this.run = run;
	}

	/**
	 * Return how much longer the database may be unavailable: an outage is one, however
	 * often the run gets a session that does not live.
	 */
	Duration left() {
		Duration timeout = this.run.settings().databaseWaitTimeout();
		if (!this.lost) {
			return timeout;
		}
		Duration left = timeout.minusNanos(System.nanoTime() - this.outage);
		return left.isNegative() ? Duration.ZERO : left;
	}

	/**
	 * Called when there is a session.
	 */
	void connected() {
		this.connected = System.nanoTime();
	}

	/**
	 * Wait some time before the next attempt to connect.
	 * @throws DatabaseUnavailableException if sessions were lost again and again for too
	 * long
	 */
	void pause(Exception failure) {
		this.run.checkStop();
		long now = System.nanoTime();
		if (!this.lost || now - this.connected > SHORT_LIVED.toNanos()) {
			this.lost = true;
			this.outage = now;
			this.log = new WaitLog();
		}
		Duration waited = Duration.ofNanos(now - this.outage);
		Duration timeout = this.run.settings().databaseWaitTimeout();
		if (waited.compareTo(timeout) >= 0) {
			throw new DatabaseUnavailableException(this.run.name(), timeout, failure);
		}
		this.run.board()
			.update((status) -> status.withLock(MigrationStatus.Lock::left)
				.withError(new MigrationStatus.Failure(SqlFailures.findMessage(failure),
						SqlFailures.findSqlState(failure), null))
				.withState(MigrationState.CONNECTING));
		if (this.log.isDue(waited)) {
			logger.warn("Migration '%s' has lost its session and connects again, trying for %s: %s"
				.formatted(this.run.name(), timeout, SqlFailures.findMessage(failure)));
		}
		this.run.stop().pause(this.run.name(), Jitter.aboutASecond());
	}

}
