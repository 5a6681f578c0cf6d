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

package io.github.migrationguard.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.DdlBlockedException;
import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.Blocker;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link DdlBlockedException}: names who was in the way.
 *
 * @author Migration Guard
 */
class DdlBlockedFailureAnalyzer extends AbstractFailureAnalyzer<DdlBlockedException> {

	private static final int MAX_ATTEMPTS = 10;

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DdlBlockedException cause) {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' gave up the unit '%s', because other sessions were in the way: %s.%n"
			.formatted(cause.getTool(), cause.getMigrator(), cause.getUnit(), cause.getWhy()));
		appendAttempts(description, cause.getAttempts());
		appendBlockers(description, cause.getBlockers());
		description.append("%nNo lock is left, and what came before the unit is recorded.".formatted());
		return new FailureAnalysis(description.toString(), action(cause.getBlockers()), cause);
	}

	private static void appendAttempts(StringBuilder description, List<Attempt> attempts) {
		int skipped = Math.max(0, attempts.size() - MAX_ATTEMPTS);
		description.append("%nAttempts%s:%n%n"
			.formatted((skipped > 0) ? ", the last %s of %s".formatted(MAX_ATTEMPTS, attempts.size()) : ""));
		attempts.stream()
			.skip(skipped)
			.forEach((attempt) -> description.append(
					"    %s. %s after %s%n".formatted(attempt.number(), attempt.outcome(), seconds(attempt.took()))));
	}

	private static void appendBlockers(StringBuilder description, List<Blocker> blockers) {
		if (blockers.isEmpty()) {
			description.append("%nWho was in the way is not known.%n".formatted());
			return;
		}
		description.append("%nIn the way at last:%n%n".formatted());
		blockers.forEach((blocker) -> description
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

	private static String action(List<Blocker> blockers) {
		String remedies = blockers.stream()
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
