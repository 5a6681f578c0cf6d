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

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.InvalidIndex;

/**
 * Thrown if a statement that works on an index {@code CONCURRENTLY} fails and leaves an
 * invalid index behind.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class IndexBuildFailedException extends MigrationFailedException {

	private final transient List<InvalidIndex> invalidIndexes;

	IndexBuildFailedException(MigrationFailedException failed, List<InvalidIndex> invalidIndexes) {
		super(failed.getMigrator(), failed.getTool(), failed.getUnit(), Objects.requireNonNull(failed.getCause()),
				invalidIndexes.stream().map(IndexBuildFailedException::describe).collect(Collectors.joining()));
		this.invalidIndexes = List.copyOf(invalidIndexes);
	}

	private static String describe(InvalidIndex index) {
		return PrintableText.of(". The index %s on %s is invalid, remove it with: %s".formatted(index.name(),
				index.table(), index.remedy()));
	}

	@Override
	public String getDescription() {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' failed in the unit '%s' with SQLSTATE %s:%n%n    %s%n%n"
			.formatted(getTool(), getMigrator(), getUnit(), getSqlState(), getReason()));
		description.append("No query uses these indexes, but each of them is maintained:%n%n".formatted());
		this.invalidIndexes.forEach((index) -> description
			.append("    %s%n".formatted(PrintableText.of(index.name() + " on " + index.table()))));
		return description.toString();
	}

	@Override
	public String getAction() {
		return """
				Correct what made the statement fail, for example duplicate rows, and start the application again. \
				With migration-guard.ddl.repair-invalid-indexes=own, the default, the index that this unit builds is \
				dropped and built again then. To remove invalid indexes yourself:
				%s""".formatted(this.invalidIndexes.stream()
			.map((index) -> "%n    %s".formatted(PrintableText.of(index.remedy())))
			.collect(Collectors.joining()));
	}

}
