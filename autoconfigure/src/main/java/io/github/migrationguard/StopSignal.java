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
import java.util.concurrent.TimeUnit;

import io.github.migrationguard.lock.MigrationSession;
import org.jspecify.annotations.Nullable;

/**
 * Where the thread that runs the migrations and those who want it to stop meet. Until a
 * migration executes the worker is told to leave at once, later it gets time to finish
 * and is then cancelled in the server.
 *
 * @author Migration Guard
 */
final class StopSignal {

	private static final Duration CANCEL_INTERVAL = Duration.ofMillis(200);

	private static final Duration UNIT_CANCEL_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(1);

	private @Nullable Thread worker;

	private @Nullable MigrationSession session;

	private boolean migrating;

	private boolean unitRunning;

	private boolean requested;

	private boolean graceOver;

	private boolean abandoned;

	private int awaitingRetry;

	private int retries;

	/**
	 * Called before the worker is started. A stop that was requested earlier is still
	 * wanted.
	 */
	synchronized void workerStarts(Thread worker) {
		this.worker = worker;
	}

	/**
	 * The worker's last call.
	 */
	synchronized void workerEnds() {
		this.worker = null;
		this.session = null;
		this.migrating = false;
		this.unitRunning = false;
		notifyAll();
	}

	synchronized void sessionOpened(MigrationSession session) {
		this.session = session;
	}

	/**
	 * Called by the worker before it closes its session, which is not to be cut off then.
	 */
	synchronized void sessionCloses() {
		this.session = null;
		Thread.interrupted();
	}

	synchronized void enterMigration(String migrator) {
		check(migrator);
		this.migrating = true;
		notifyAll();
	}

	synchronized void leaveMigration() {
		this.migrating = false;
		this.unitRunning = false;
		notifyAll();
	}

	synchronized void unitStarts(String migrator) {
		check(migrator);
		this.unitRunning = true;
	}

	synchronized void unitEnds() {
		this.unitRunning = false;
	}

	/**
	 * Fail if the worker has to stop now: at once while it only waits, after the grace
	 * period while it migrates.
	 */
	synchronized void check(String migrator) {
		if (this.migrating ? this.graceOver : this.requested) {
			throw new MigrationStoppedException(migrator,
					this.migrating ? "The application was stopped while the migration '%s' ran".formatted(migrator)
							: "The application was stopped before the migration '%s' was started".formatted(migrator));
		}
	}

	/**
	 * Let the worker wait, until the time is over or it has to stop.
	 */
	synchronized void pause(String migrator, Duration duration) {
		check(migrator);
		try {
			TimeUnit.MILLISECONDS.timedWait(this, duration.toMillis());
		}
		catch (InterruptedException ex) {
			this.requested = true;
		}
		check(migrator);
	}

	synchronized boolean isWorker() {
		return Thread.currentThread() == this.worker;
	}

	synchronized boolean isRequested() {
		return this.requested;
	}

	/**
	 * Wait until the migrations are to be tried again or the application is stopped.
	 * Several threads may wait: one retry is for all of them.
	 * @return whether they are to be tried again
	 */
	synchronized boolean awaitRetry() throws InterruptedException {
		int before = this.retries;
		this.awaitingRetry++;
		try {
			while (!this.requested && this.retries == before) {
				wait();
			}
			return !this.requested;
		}
		finally {
			this.awaitingRetry--;
		}
	}

	synchronized int awaitingRetry() {
		return this.awaitingRetry;
	}

	/**
	 * Wake up who waits for a retry.
	 * @param preparation what is done before, while nobody migrates
	 * @return {@code false} if nobody waits for one
	 */
	synchronized boolean retry(Runnable preparation) {
		if (this.awaitingRetry == 0 || this.requested || this.worker != null) {
			return false;
		}
		preparation.run();
		this.retries++;
		notifyAll();
		return true;
	}

	/**
	 * Wait for the worker, on behalf of the thread that starts the application. Spring
	 * interrupts this thread when the context is closed, but only if it waits without a
	 * time limit, and calls it stuck if it does not react at once. So it waits without a
	 * limit while the worker can leave at once, and with one while a migration runs.
	 */
	synchronized void awaitWorker() throws InterruptedException {
		while (this.worker != null && !this.abandoned) {
			if (this.migrating || this.requested) {
				TimeUnit.SECONDS.timedWait(this, 1);
			}
			else {
				wait();
			}
		}
	}

	/**
	 * Stop the worker and wait, with a limit, until it has left.
	 * @param grace how long a running migration may go on
	 */
	void stop(Duration grace) {
		request();
		if (awaitEnd(isMigrating() ? grace : LEAVE_TIMEOUT) || abandonUnlessMigrating()) {
			return;
		}
		endGrace();
		long start = System.nanoTime();
		for (long past = 0; past < CANCEL_TIMEOUT.toNanos(); past = System.nanoTime() - start) {
			MigrationSession session = cancellable(past > UNIT_CANCEL_TIMEOUT.toNanos());
			if (session != null) {
				session.cancel();
			}
			if (awaitEnd(CANCEL_INTERVAL)) {
				return;
			}
		}
		abortSession();
		if (!awaitEnd(LEAVE_TIMEOUT)) {
			abandon();
		}
	}

	/**
	 * A worker that cannot leave, because it connects to a server that does not answer,
	 * has nothing to lose: nobody waits for it any more.
	 */
	private synchronized boolean abandonUnlessMigrating() {
		if (!this.migrating) {
			abandon();
		}
		return this.abandoned;
	}

	private synchronized void abandon() {
		this.abandoned = true;
		notifyAll();
	}

	private synchronized void request() {
		boolean first = !this.requested;
		this.requested = true;
		notifyAll();
		if (first && !this.migrating && this.worker != null) {
			this.worker.interrupt();
			if (this.session != null) {
				this.session.abort();
			}
		}
	}

	private synchronized boolean isMigrating() {
		return this.migrating;
	}

	private synchronized void endGrace() {
		this.graceOver = true;
	}

	/**
	 * Return the session whose statement is to be cancelled: that of a unit, and after
	 * some time any other that does not end. The statements that release the locks are
	 * not to be hit.
	 */
	private synchronized @Nullable MigrationSession cancellable(boolean anyStatement) {
		return (this.unitRunning || anyStatement) ? this.session : null;
	}

	private synchronized void abortSession() {
		if (this.session != null) {
			this.session.abort();
		}
	}

	private synchronized boolean awaitEnd(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		boolean interrupted = false;
		while (this.worker != null && System.nanoTime() < deadline) {
			try {
				long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
				TimeUnit.MILLISECONDS.timedWait(this, Math.max(1, millis));
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return this.worker == null;
	}

}
