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

import io.github.migrationguard.DdlBlockedException;
import io.github.migrationguard.MigrationFailedException;
import io.github.migrationguard.PartlyAppliedException;
import io.github.migrationguard.lock.SessionSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a failed migration: which unit, which error of the database, what next.
 *
 * @author Migration Guard
 */
class MigrationFailedFailureAnalyzer extends AbstractFailureAnalyzer<MigrationFailedException> {

	private static final String QUERY_CANCELED = "57014";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, MigrationFailedException cause) {
		if (cause instanceof DdlBlockedException || cause instanceof PartlyAppliedException) {
			return null;
		}
		SessionSettingException refused = findCause(cause, SessionSettingException.class);
		return (refused != null) ? analyze(refused) : analyze(cause);
	}

	private FailureAnalysis analyze(SessionSettingException refused) {
		String property = "migration-guard.session.settings." + refused.getName();
		String description = "The server refused the value '%s' of the property '%s':%n%n    %s".formatted(
				refused.getValue(), property,
				(refused.getCause() != null) ? refused.getCause().getMessage() : refused.getMessage());
		String action = "Correct or remove the property '%s'. It takes the name and a value of a setting of your PostgreSQL version that the user of the migration may set."
			.formatted(property);
		return new FailureAnalysis(description, action, refused);
	}

	private FailureAnalysis analyze(MigrationFailedException cause) {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' failed".formatted(cause.getTool(), cause.getMigrator()));
		if (cause.getUnit() != null) {
			description.append(" in the unit '%s'".formatted(cause.getUnit()));
		}
		if (cause.getSqlState() != null) {
			description.append(" with SQLSTATE %s".formatted(cause.getSqlState()));
		}
		description.append(":%n%n    %s%n%n".formatted(cause.getReason()));
		if (isConnectionLost(cause)) {
			description.append("The connection was lost. The server rolls back what was not recorded and frees the lock"
					+ " with the session" + ("liquibase".equals(cause.getTool())
							? "; the next guarded instance takes the change log lock over." : "."));
			return new FailureAnalysis(description.toString(),
					"Find out why the server ended the session, and start the application again.", cause);
		}
		if (QUERY_CANCELED.equals(cause.getSqlState())) {
			return analyzeCancel(cause, description);
		}
		if (cause.getUnit() == null) {
			description.append("What was recorded before stays recorded, and no lock is left.");
			return new FailureAnalysis(description.toString(), action(cause), cause);
		}
		description.append("What the unit did in a transaction was rolled back, what came before it is recorded, and no"
				+ " lock is left.");
		return new FailureAnalysis(description.toString(),
				"Correct the unit, or what it meets in the database, and start the application again: it goes on with this unit. Every other instance of this version will fail in the same way.",
				cause);
	}

	/**
	 * It was not one of ours.
	 */
	private static FailureAnalysis analyzeCancel(MigrationFailedException cause, StringBuilder description) {
		description.append("Somebody has cancelled the statement (pg_cancel_backend), or a statement_timeout that the"
				+ " unit has set. It is not tried again by this instance. What it did in a transaction was rolled back,"
				+ " what came before it is recorded, and no lock is left.");
		return new FailureAnalysis(description.toString(),
				"Ask who has cancelled it, and why, before you start the application again. Other instances of this version that are starting do try it.",
				cause);
	}

	private static String action(MigrationFailedException cause) {
		return "42501".equals(cause.getSqlState()) ? """
				Grant the user of the migration what it lacks, and start the application again. With \
				migration-guard.role=wait it needs 'usage' on the schema of the history table and 'select' on that \
				table.""" : "Correct the cause and start the application again.";
	}

	private static boolean isConnectionLost(MigrationFailedException cause) {
		String sqlState = cause.getSqlState();
		return sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("57P"));
	}

}
