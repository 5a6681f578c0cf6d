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

import io.github.migrationguard.IndexBuildFailedException;
import io.github.migrationguard.lock.PrintableText;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link IndexBuildFailedException}: names the invalid index and how to get
 * rid of it. Comes before {@link MigrationFailedFailureAnalyzer}.
 *
 * @author Migration Guard
 */
class IndexBuildFailedFailureAnalyzer extends AbstractFailureAnalyzer<IndexBuildFailedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, IndexBuildFailedException cause) {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' failed in the unit '%s' with SQLSTATE %s:%n%n    %s%n%n"
			.formatted(cause.getTool(), cause.getMigrator(), cause.getUnit(), cause.getSqlState(), cause.getReason()));
		description.append("No query uses these indexes, but each of them is maintained:%n%n".formatted());
		StringBuilder remedies = new StringBuilder();
		cause.getInvalidIndexes().forEach((index) -> {
			description.append("    %s%n".formatted(PrintableText.of(index.name() + " on " + index.table())));
			remedies.append("%n    %s".formatted(PrintableText.of(index.remedy())));
		});
		return new FailureAnalysis(description.toString(), """
				Correct what made the statement fail, for example duplicate rows, and start the application again. \
				With migration-guard.ddl.repair-invalid-indexes=own, the default, the index that this unit builds is \
				dropped and built again then. To remove invalid indexes yourself:
				%s""".formatted(remedies), cause);
	}

}
