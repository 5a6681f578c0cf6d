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
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a unit that executes code and no statement, while others wait for what it
 * has locked. One of them may be that code itself, on a connection of its own: it would
 * wait for ever, as with the tool alone.
 *
 * @author Migration Guard
 */
final class IdleUnit {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final String DRIVER = "org.postgresql.core.";

	private static final int MAX_SESSIONS = 5;

	private final RunContext run;

	private final MigrationSession session;

	private final Thread runner = Thread.currentThread();

	private @Nullable WaitLog log;

	private long start;

	IdleUnit(RunContext run, MigrationSession session) {
		this.run = run;
		this.session = session;
	}

	/**
	 * Called with what was seen while no statement was executed.
	 */
	void seen(SessionSample sample, String unit) {
		if (sample.queuedBehind().count() == 0) {
			this.log = null;
			return;
		}
		boolean waitsForItself = isWaitingForDatabase();
		if (isLogDue()) {
			logger.warn(PrintableText.of("Migration '%s' executes code of '%s' and no statement, and blocks %s%s"
				.formatted(this.run.name(), unit, sessions(sample.queuedBehind()), waitsForItself
						? ". The code waits for the database on another connection, as it seems for itself: end that session"
						: "")));
		}
		if (waitsForItself && this.run.stop().isRequested()) {
			this.session.abort();
		}
	}

	/**
	 * The session has got no statement, so it is another connection that the code waits
	 * for.
	 */
	private boolean isWaitingForDatabase() {
		return Stream.of(this.runner.getStackTrace()).anyMatch((frame) -> frame.getClassName().startsWith(DRIVER));
	}

	private boolean isLogDue() {
		long now = System.nanoTime();
		if (this.log == null) {
			this.log = new WaitLog();
			this.start = now;
		}
		return this.log.isDue(Duration.ofNanos(now - this.start));
	}

	private static String sessions(QueuedSessions queued) {
		String first = queued.first()
			.stream()
			.limit(MAX_SESSIONS)
			.map(IdleUnit::describe)
			.collect(Collectors.joining("; "));
		int more = queued.count() - Math.min(MAX_SESSIONS, queued.first().size());
		return (more > 0) ? first + " and " + more + " more" : first;
	}

	private static String describe(QueuedSessions.Session session) {
		return "pid %s (application %s, user %s), which has been waiting for %s for %s".formatted(session.pid(),
				session.applicationName(), session.user(), session.waitingFor(),
				BlockedLog.format(session.waitedFor()));
	}

}
