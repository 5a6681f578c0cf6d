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

import io.github.migrationguard.DatabaseUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a database that could not be connected to.
 *
 * @author Migration Guard
 */
class DatabaseUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DatabaseUnavailableException cause) {
		String description = "The migration '%s' could not connect to its database%s%s:%n%n    %s".formatted(
				cause.getMigrator(), (cause.getWaited() != null) ? " within " + cause.getWaited() : "",
				(cause.getSqlState() != null) ? " (SQLSTATE %s)".formatted(cause.getSqlState()) : "",
				cause.getReason());
		return new FailureAnalysis(description, action(cause), cause);
	}

	private static String action(DatabaseUnavailableException cause) {
		if (cause.getWaited() != null) {
			return "Make the database reachable, or give it more time with 'migration-guard.database.wait-timeout'.";
		}
		return switch ((cause.getSqlState() != null) ? cause.getSqlState() : "") {
			case "28P01", "28000" ->
				"Correct the user name or the password ('spring.datasource.username', 'spring.datasource.password', or"
						+ " those of 'spring.liquibase' or 'spring.flyway').";
			case "3D000" -> "Create the database, or correct 'spring.datasource.url', 'spring.liquibase.url' or"
					+ " 'spring.flyway.url'.";
			case "42501" -> "Grant the user the right to connect: grant connect on database ... to ...";
			default -> "Correct the connection ('spring.datasource.*', 'spring.liquibase.*' or 'spring.flyway.*').";
		};
	}

}
