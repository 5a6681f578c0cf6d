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

import io.github.migrationguard.MigrationFailedException;
import io.github.migrationguard.ddl.InvalidIndexException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a unit that was not executed because of an invalid index: which one, why it is
 * not repaired and how to remove it. Comes before {@link MigrationFailedFailureAnalyzer},
 * which would take it for any failure.
 *
 * @author Migration Guard
 */
class InvalidIndexFailureAnalyzer extends AbstractFailureAnalyzer<InvalidIndexException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidIndexException cause) {
		MigrationFailedException failed = findCause(rootFailure, MigrationFailedException.class);
		String description = """
				%s was not executed: it creates the index %s on %s, and there is an invalid index of that name. Building \
				it has failed before, and no query uses it. It is not repaired, because %s."""
			.formatted(unit(failed), cause.getIndex(), cause.getTable(), cause.getReason());
		String action = (cause.getRemedy() != null)
				? "Remove the index, correct what made it fail, for example duplicate rows, and start the application again:%n%n    %s"
					.formatted(cause.getRemedy())
				: "Wait until the index is built, and start the application again.";
		return new FailureAnalysis(description, action, cause);
	}

	private static String unit(@Nullable MigrationFailedException failed) {
		return (failed != null && failed.getUnit() != null)
				? "The unit '%s' of the migration '%s'".formatted(failed.getUnit(), failed.getMigrator())
				: "A statement of a migration";
	}

}
