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

import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockWatch;
import io.github.migrationguard.lock.MigrationSession;
import io.micrometer.observation.Observation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Waits, with the role {@code wait}, until others have applied everything that is
 * pending. Never takes the lock; whoever holds it is seen and shown.
 *
 * @author Migration Guard
 */
final class MigrationWait {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private final RunContext run;

	private final MigrationSession session;

	private final LockWait wait;

	private final PendingWatch pending;

	/**
	 * Create the wait.
	 * @param run the run
	 * @param session the session, prepared for the lock
	 * @param look what was seen without it
	 * @param wait the wait, begun now or with an earlier session
	 */
	MigrationWait(RunContext run, MigrationSession session, MigrationLook look, LockWait wait) {
		this.run = run;
		this.session = session;
		this.wait = wait;
		this.pending = new PendingWatch(run, session, look);
	}

	/**
	 * Wait until nothing is pending.
	 * @return what was seen last
	 * @throws PendingTimeoutException if there was no sign of life for too long
	 */
	MigrationLook await() throws Exception {
		Observation observation = this.run.observations().lockWait();
		try {
			awaitNothingPending();
			RunObservations.stop(observation, "satisfied");
		}
		catch (Exception ex) {
			RunObservations.failOrLose(observation, ex, this.run.stop());
			throw ex;
		}
		this.run.upToDate("others applied everything after a wait of " + RunContext.format(this.wait.waited()));
		return this.pending.look();
	}

	private void awaitNothingPending() throws Exception {
		this.run.waiting(this.wait, null);
		this.session.listen();
		this.pending.start();
		boolean notified = false;
		while (true) {
			this.run.checkStop();
			LockWatch watch = this.pending.watch();
			boolean released = notified && this.run.isReleased(this.wait, watch.participants());
			if (released || this.pending.mayBeDone(watch.history())) {
				this.pending.lookAgain();
			}
			if (this.pending.isDone(released || watch.participants().holder() == null)) {
				return;
			}
			stillWaiting(watch);
			notified = this.run.awaitRelease(this.session, Jitter.among(watch.participants().waiters().size()));
		}
	}

	private void stillWaiting(LockWatch watch) {
		LockParticipant holder = watch.participants().holder();
		this.wait.seen(holder, watch.history());
		this.run.waiting(this.wait, watch.participants());
		if (this.wait.isOver()) {
			throw new PendingTimeoutException(this.run.name(), this.pending.pending(),
					this.run.settings().lockWaitTimeout(), holder);
		}
		if (this.wait.isLogDue()) {
			logger.info("Migration '%s' waits since %s until others have applied it, %s units pending%s, %s".formatted(
					this.run.name(), RunContext.format(this.wait.waited()), this.pending.describePending(),
					this.pending.pending().isEmpty() ? ""
							: ", the first is '%s'".formatted(this.pending.pending().get(0)),
					(holder != null) ? "the lock is held by " + holder.describe() : "nobody migrates at the moment"));
		}
	}

}
