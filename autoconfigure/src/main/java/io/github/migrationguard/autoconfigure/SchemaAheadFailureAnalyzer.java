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

import java.util.stream.Collectors;

import io.github.migrationguard.SchemaAheadException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a database that a newer version has migrated.
 *
 * @author Migration Guard
 */
class SchemaAheadFailureAnalyzer extends AbstractFailureAnalyzer<SchemaAheadException> {

	private static final int SHOWN_UNITS = 10;

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SchemaAheadException cause) {
		String units = cause.getUnits()
			.stream()
			.limit(SHOWN_UNITS)
			.map("    - %s"::formatted)
			.collect(Collectors.joining(System.lineSeparator()));
		String description = "The history '%s' of the migration '%s' holds %s units that this version does not know:%n%n%s"
			.formatted(cause.getHistory(), cause.getMigrator(), cause.getUnits().size(), units);
		String action = """
				A newer version of this application has migrated the database. Start that version, or, if this one \
				can live with that schema, set migration-guard.schema-ahead to 'warn' or 'ignore'.""";
		return new FailureAnalysis(description, action, cause);
	}

}
