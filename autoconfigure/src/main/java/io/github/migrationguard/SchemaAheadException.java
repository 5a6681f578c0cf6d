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
import java.util.stream.Collectors;

import io.github.migrationguard.lock.PrintableText;

/**
 * Thrown if the history holds units that this version of the application does not know,
 * and {@code migration-guard.schema-ahead} says to fail.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class SchemaAheadException extends MigrationException {

	static final int SHOWN_UNITS = 10;

	private final String history;

	private final List<String> units;

	SchemaAheadException(String migrator, String history, List<String> units) {
		super(migrator, "The history '%s' of the migration '%s' holds %s units that this version does not know: %s"
			.formatted(history, migrator, units.size(), describe(units)), null);
		this.history = history;
		this.units = List.copyOf(units);
	}

	/**
	 * Return the units that this version does not know.
	 * @return the units, in the order in which they were applied
	 */
	public List<String> getUnits() {
		return this.units;
	}

	static String describe(List<String> units) {
		int shown = Math.min(units.size(), 3);
		return PrintableText.of(String.join(", ", units.subList(0, shown))) + ((units.size() > shown) ? ", ..." : "");
	}

	static String list(List<String> units) {
		return units.stream()
			.limit(SHOWN_UNITS)
			.map("    - %s"::formatted)
			.collect(Collectors.joining(System.lineSeparator()));
	}

	@Override
	public String getDescription() {
		return "The history '%s' of the migration '%s' holds %s units that this version does not know:%n%n%s"
			.formatted(this.history, getMigrator(), this.units.size(), list(this.units));
	}

	@Override
	public String getAction() {
		return """
				A newer version of this application has migrated the database. Start that version, or, if this one \
				can live with that schema, set migration-guard.schema-ahead to 'warn' or 'ignore'.""";
	}

}
