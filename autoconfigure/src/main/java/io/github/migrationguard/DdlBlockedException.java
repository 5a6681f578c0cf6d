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
import java.util.List;
import java.util.stream.Collectors;

import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.Blocker;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a unit did not get a lock and is not tried again: its time is over, or
 * trying again would apply part of it twice.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class DdlBlockedException extends MigrationFailedException {

	private static final int SHOWN_ATTEMPTS = 10;

	private final transient List<Attempt> attempts;

	private final String why;

	DdlBlockedException(String migrator, String tool, UnitBlockedException blocked, List<Attempt> attempts,
			String why) {
		super(migrator, tool, blocked.getUnit(), blocked.getBlocked().failure(), ". It is not tried again: " + why);
		this.attempts = List.copyOf(attempts);
		this.why = why;
	}

	/**
	 * Return the attempts to apply the unit.
	 * @return the attempts, in the order in which they were started
	 */
	public List<Attempt> getAttempts() {
		return this.attempts;
	}

	/**
	 * Return who was in the way at the end of the latest attempt.
	 * @return the blockers, empty if unknown
	 */
	public List<Blocker> getBlockers() {
		return this.attempts.isEmpty() ? List.of() : this.attempts.get(this.attempts.size() - 1).blockers();
	}

	@Override
	public String getDescription() {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' gave up the unit '%s', because other sessions were in the way: %s.%n"
			.formatted(getTool(), getMigrator(), getUnit(), this.why));
		appendAttempts(description);
		appendBlockers(description);
		description.append("%nNo lock is left, and what came before the unit is recorded.".formatted());
		return description.toString();
	}

	private void appendAttempts(StringBuilder description) {
		int skipped = Math.max(0, this.attempts.size() - SHOWN_ATTEMPTS);
		description.append("%nAttempts%s:%n%n"
			.formatted((skipped > 0) ? ", the last %s of %s".formatted(SHOWN_ATTEMPTS, this.attempts.size()) : ""));
		this.attempts.stream()
			.skip(skipped)
			.forEach((attempt) -> description.append(
					"    %s. %s after %s%n".formatted(attempt.number(), attempt.outcome(), seconds(attempt.took()))));
	}

	private void appendBlockers(StringBuilder description) {
		if (getBlockers().isEmpty()) {
			description.append("%nWho was in the way is not known.%n".formatted());
			return;
		}
		description.append("%nIn the way at last:%n%n".formatted());
		getBlockers().forEach((blocker) -> description
			.append("    %s%n      %s%n".formatted(describe(blocker), PrintableText.of(blocker.advice()))));
	}

	private static String describe(Blocker blocker) {
		StringBuilder text = new StringBuilder();
		text.append((blocker.pid() != null) ? "pid %s, %s".formatted(blocker.pid(), blocker.kind())
				: blocker.kind().name());
		append(text, "application", blocker.applicationName());
		append(text, "user", blocker.user());
		append(text, "client", blocker.clientAddress());
		append(text, "transaction open for",
				(blocker.transactionAge() != null) ? seconds(blocker.transactionAge()) : null);
		append(text, "holds", blocker.holds());
		return text.toString();
	}

	private static void append(StringBuilder text, String name, @Nullable String value) {
		if (value != null && !value.isEmpty()) {
			text.append(", ").append(name).append(' ').append(PrintableText.of(value));
		}
	}

	private static String seconds(@Nullable Duration duration) {
		return (duration != null) ? "%s.%s s".formatted(duration.toSeconds(), duration.toMillisPart() / 100)
				: "an unknown time";
	}

	@Override
	public String getAction() {
		String remedies = getBlockers().stream()
			.map(Blocker::remedy)
			.filter((remedy) -> remedy != null)
			.map(PrintableText::of)
			.distinct()
			.collect(Collectors.joining("; "));
		String end = remedies.isEmpty() ? "End what is in the way" : "End what is in the way, with: " + remedies;
		return end + ". Then start the application again: it goes on with this unit. To have such sessions ended, see "
				+ "migration-guard.blockers.policy; to be tried for longer, migration-guard.ddl.retry.max-duration.";
	}

}
