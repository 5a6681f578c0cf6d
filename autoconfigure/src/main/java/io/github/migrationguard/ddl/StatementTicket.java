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

package io.github.migrationguard.ddl;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Knows which statement is executed at this moment and which one we cancel ourselves. A
 * cancel reaches the server after the decision to send it: as long as one is on its way,
 * the statement does not end, so that no other one can be hit.
 *
 * @author Migration Guard
 */
final class StatementTicket {

	/**
	 * What sends a cancel is bounded itself.
	 */
	private static final long MAX_WAIT_MILLIS = 30_000;

	private @Nullable RunningStatement running;

	private boolean sending;

	private boolean sent;

	private long lastId;

	private long lastEnded;

	synchronized void starts(boolean cancellable, boolean unlimited, long unitStart) {
		long now = System.nanoTime();
		this.sent = false;
		this.running = new RunningStatement(++this.lastId, now, (unitStart != 0) ? unitStart : now, cancellable,
				unlimited);
	}

	/**
	 * Called when the statement has ended.
	 * @return whether we have sent a cancel to it
	 */
	synchronized boolean ends() {
		this.running = null;
		this.lastEnded = System.nanoTime();
		boolean interrupted = false;
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_WAIT_MILLIS);
		while (this.sending && System.nanoTime() < end) {
			try {
				TimeUnit.MILLISECONDS.timedWait(this, 100);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return this.sent;
	}

	synchronized @Nullable RunningStatement running() {
		return this.running;
	}

	synchronized long lastEnded() {
		return this.lastEnded;
	}

	/**
	 * Cancel the statement if it still runs. Called by the thread that watches.
	 * @param statement the statement
	 * @param cancel what sends the cancel, and tells whether it was sent
	 * @return whether it was sent
	 */
	boolean cancel(RunningStatement statement, StatementGuard.Cancel cancel) throws SQLException {
		if (!begin(statement)) {
			return false;
		}
		// Without an answer it may have been sent
		boolean sent = true;
		try {
			sent = cancel.send();
			return sent;
		}
		finally {
			end(sent);
		}
	}

	private synchronized boolean begin(RunningStatement statement) {
		RunningStatement running = this.running;
		this.sending = running != null && running.id() == statement.id();
		return this.sending;
	}

	private synchronized void end(boolean sent) {
		this.sending = false;
		this.sent |= sent;
		notifyAll();
	}

}
