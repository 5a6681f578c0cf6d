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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.github.migrationguard.lock.MigrationSession;
import org.jspecify.annotations.Nullable;

/**
 * Where the thread that runs the migrations and those who want it to stop meet. Until a
 * migration executes the runner is told to leave at once, later it gets time to finish
 * and is then cancelled in the server.
 * <p>
 * The runner is the thread of somebody else, as a rule the one that starts the
 * application. So it is interrupted only while it connects or waits, and at the very end
 * when nothing else has helped; an interrupt from here never stays set.
 *
 * @author Migration Guard
 */
final class StopSignal {

	private static final Duration CANCEL_INTERVAL = Duration.ofMillis(200);

	private static final Duration UNIT_CANCEL_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(1);

	private final ReentrantLock stopping = new ReentrantLock();

	private @Nullable Thread runner;

	private @Nullable MigrationSession session;

	private boolean migrating;

	private boolean unitRunning;

	private boolean interruptible;

	private boolean interrupted;

	private boolean requested;

	private boolean graceOver;

	/**
	 * Called by the thread that runs the migrations from now on. A stop that was
	 * requested earlier is still wanted.
	 */
	synchronized void runStarts() {
		this.runner = Thread.currentThread();
	}

	/**
	 * The runner's last call.
	 */
	synchronized void runEnds() {
		this.runner = null;
		this.session = null;
		this.migrating = false;
		this.unitRunning = false;
		forgetInterrupt();
		notifyAll();
	}

	synchronized void sessionOpened(MigrationSession session) {
		this.session = session;
	}

	/**
	 * Close the session of the runner, which is not to be cut off then: neither by a stop
	 * nor by an interrupt that came from elsewhere and is left set.
	 */
	void close(MigrationSession session) {
		synchronized (this) {
			this.session = null;
		}
		boolean interrupted = Thread.interrupted();
		session.close();
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	synchronized void enterMigration(String migrator) {
		check(migrator);
		this.migrating = true;
	}

	synchronized void leaveMigration() {
		this.migrating = false;
		this.unitRunning = false;
	}

	synchronized void unitStarts(String migrator) {
		check(migrator);
		this.unitRunning = true;
	}

	synchronized void unitEnds() {
		this.unitRunning = false;
	}

	/**
	 * Fail if the runner has to stop now: at once while it only waits, after the grace
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
	 * Do something that a stop may interrupt, such as to connect. Whoever interrupts it
	 * wants the runner to stop.
	 */
	<T> T interruptibly(String migrator, Callable<T> action) throws Exception {
		synchronized (this) {
			check(migrator);
			this.interruptible = true;
		}
		try {
			return action.call();
		}
		catch (Exception ex) {
			if (Thread.interrupted() || SqlFailures.find(ex, InterruptedException.class) != null) {
				request();
			}
			throw ex;
		}
		finally {
			synchronized (this) {
				this.interruptible = false;
				forgetInterrupt();
			}
		}
	}

	/**
	 * Wait, until the time is over or the runner has to stop.
	 */
	void pause(String migrator, Duration duration) {
		try {
			await(migrator, () -> {
				TimeUnit.NANOSECONDS.sleep(duration.toNanos());
				return null;
			});
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let something wait, until it ends or the runner has to stop. It waits on a thread
	 * of its own and the runner without a time limit: when the context is closed, Spring
	 * interrupts the thread that starts the application, but only if it finds it waiting
	 * like that, and calls it stuck if it does not react at once.
	 */
	<T extends @Nullable Object> T await(String migrator, Callable<T> wait) throws Exception {
		FutureTask<T> task = new FutureTask<>(wait);
		try {
			T result = interruptibly(migrator, () -> {
				daemon(task, "migration-guard-wait").start();
				return task.get();
			});
			check(migrator);
			return result;
		}
		catch (InterruptedException ex) {
			check(migrator);
			throw ex;
		}
		catch (ExecutionException ex) {
			check(migrator);
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		finally {
			task.cancel(true);
		}
	}

	synchronized boolean isRunner() {
		return Thread.currentThread() == this.runner;
	}

	/**
	 * While it executes a migration tool the runner pauses for nothing that is ours.
	 */
	synchronized boolean isRunnerWaiting() {
		return this.migrating && this.runner != null && (this.runner.getState() == Thread.State.WAITING
				|| this.runner.getState() == Thread.State.TIMED_WAITING);
	}

	synchronized boolean isRequested() {
		return this.requested;
	}

	/**
	 * Stop the runner and wait, with a limit, until it has left.
	 * @param grace how long a running migration may go on
	 * @return whether it has left
	 */
	boolean stop(Duration grace) {
		request();
		if (isRunner()) {
			return false;
		}
		if (!this.stopping.tryLock()) {
			return awaitEnd(grace.plus(CANCEL_TIMEOUT).plus(LEAVE_TIMEOUT).plus(LEAVE_TIMEOUT));
		}
		try {
			return awaitEnd(grace) || cancelUntilEnd() || abortAndAwaitEnd() || interruptAndAwaitEnd();
		}
		finally {
			this.stopping.unlock();
		}
	}

	/**
	 * A request to cancel connects to the server, which takes long if that does not
	 * answer: so it is sent by a thread of its own.
	 */
	private boolean cancelUntilEnd() {
		endGrace();
		Thread canceller = null;
		long start = System.nanoTime();
		for (long past = 0; past < CANCEL_TIMEOUT.toNanos(); past = System.nanoTime() - start) {
			MigrationSession session = cancellable(past > UNIT_CANCEL_TIMEOUT.toNanos());
			if (session != null && (canceller == null || !canceller.isAlive())) {
				canceller = daemon(session::cancel, "migration-guard-cancel");
				canceller.start();
			}
			if (awaitEnd(CANCEL_INTERVAL)) {
				return true;
			}
		}
		return false;
	}

	private boolean abortAndAwaitEnd() {
		synchronized (this) {
			if (this.session != null) {
				this.session.abort();
			}
		}
		return awaitEnd(LEAVE_TIMEOUT);
	}

	private boolean interruptAndAwaitEnd() {
		synchronized (this) {
			interrupt();
		}
		return awaitEnd(LEAVE_TIMEOUT);
	}

	private synchronized void request() {
		boolean first = !this.requested;
		this.requested = true;
		if (first && !this.migrating) {
			if (this.interruptible && !isRunner()) {
				interrupt();
			}
			if (this.session != null) {
				this.session.abort();
			}
		}
	}

	private void interrupt() {
		if (this.runner != null) {
			this.interrupted = true;
			this.runner.interrupt();
		}
	}

	private void forgetInterrupt() {
		if (this.interrupted) {
			this.interrupted = false;
			Thread.interrupted();
		}
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

	/**
	 * Wait until the runner has left. Spring calls a thread stuck that waits without a
	 * time limit, so this one has one.
	 */
	private synchronized boolean awaitEnd(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		boolean interrupted = false;
		while (this.runner != null && System.nanoTime() < deadline) {
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
		return this.runner == null;
	}

	/**
	 * What the application keeps in inheritable thread locals is not for these threads.
	 */
	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(null, task, name, 0, false);
		thread.setDaemon(true);
		return thread;
	}

}
