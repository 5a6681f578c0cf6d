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

import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.SessionSample;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes who is in the way of a migration: at once, and then ever less often while it
 * goes on. Never any SQL.
 *
 * @author Migration Guard
 */
final class BlockedLog {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	/**
	 * A migration that meets nobody for this long is not blocked any more.
	 */
	private static final Duration MEMORY = Duration.ofSeconds(5);

	private static final int MAX_BLOCKERS = 5;

	private final String migrator;

	private @Nullable WaitLog log;

	private long start;

	private long lastSeen;

	BlockedLog(String migrator) {
		this.migrator = migrator;
	}

	synchronized void seen(SessionSample sample) {
		long now = System.nanoTime();
		if (sample.blockers().isEmpty()) {
			return;
		}
		if (this.log == null || now - this.lastSeen > MEMORY.toNanos()) {
			this.log = new WaitLog();
			this.start = now;
		}
		this.lastSeen = now;
		if (this.log.isDue(Duration.ofNanos(now - this.start))) {
			logger.warn(PrintableText.of("Migration '%s' is blocked%s%s by %s%s".formatted(this.migrator, since(now),
					wanted(sample), blockers(sample), queued(sample))));
		}
	}

	private String since(long now) {
		Duration blockedFor = Duration.ofNanos(now - this.start);
		return (blockedFor.toSeconds() > 0) ? " since " + RunContext.format(blockedFor) : "";
	}

	private static String wanted(SessionSample sample) {
		return (sample.waitingFor() != null) ? ", wants " + sample.waitingFor().description() + "," : "";
	}

	static String blockers(SessionSample sample) {
		String blockers = sample.blockers()
			.stream()
			.limit(MAX_BLOCKERS)
			.map(Blocker::describe)
			.collect(Collectors.joining("; "));
		int more = sample.blockers().size() - MAX_BLOCKERS;
		return (more > 0) ? blockers + " and " + more + " more" : blockers;
	}

	private static String queued(SessionSample sample) {
		return (sample.queuedBehind().count() > 0) ? ", %s sessions are queued behind it for up to %s"
			.formatted(sample.queuedBehind().count(), format(sample.queuedBehind().longestWait())) : "";
	}

	static String format(@Nullable Duration duration) {
		if (duration == null) {
			return "an unknown time";
		}
		return (duration.toMinutes() > 0) ? "%s min %s s".formatted(duration.toMinutes(), duration.toSecondsPart())
				: RunContext.format(duration);
	}

}
