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

import java.util.List;
import java.util.stream.Collectors;

import io.github.migrationguard.PendingTimeoutException;
import io.github.migrationguard.lock.LockParticipant;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a wait with the role {@code wait} that was given up: what is missing and who
 * was to apply it.
 *
 * @author Migration Guard
 */
class PendingTimeoutFailureAnalyzer extends AbstractFailureAnalyzer<PendingTimeoutException> {

	private static final String PROPERTY = "migration-guard.lock.wait-timeout";

	private static final int SHOWN_UNITS = 10;

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PendingTimeoutException cause) {
		LockParticipant holder = cause.getHolder();
		String description = """
				This instance only waits for the migration '%s' (migration-guard.role=wait), and there was no sign of \
				life for %s (%s). %s

				%s""".formatted(cause.getMigrator(), cause.getTimeout(), PROPERTY,
				(holder != null) ? "The lock is held by " + holder.describe() + "." : "Nobody holds the lock.",
				pending(cause.getPending()));
		String action = """
				Look at whatever is to migrate this version's database: the job (--migration-guard.job.enabled=true) or \
				an instance with migration-guard.role=migrate. Does it run, with this version and on this database? \
				If it only takes longer, raise '%s'."""
			.formatted(PROPERTY);
		return new FailureAnalysis(description, action, cause);
	}

	private static String pending(List<String> units) {
		if (units.isEmpty()) {
			return "What is pending could not be seen.";
		}
		String shown = units.stream()
			.limit(SHOWN_UNITS)
			.map("    - %s"::formatted)
			.collect(Collectors.joining(System.lineSeparator()));
		int more = units.size() - SHOWN_UNITS;
		return "Pending:%n%n%s%s".formatted(shown, (more > 0) ? "%n    and %s more".formatted(more) : "");
	}

}
