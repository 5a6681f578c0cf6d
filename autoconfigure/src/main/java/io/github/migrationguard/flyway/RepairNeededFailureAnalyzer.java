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

package io.github.migrationguard.flyway;

import io.github.migrationguard.MigrationFailedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Analyzes a migration that failed outside a transaction, now or at an earlier start.
 *
 * @author Migration Guard
 */
@Order(0)
class RepairNeededFailureAnalyzer extends AbstractFailureAnalyzer<MigrationFailedException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, MigrationFailedException cause) {
		return (cause.getCause() instanceof RepairNeededException needed) ? analyze(cause, needed) : null;
	}

	private FailureAnalysis analyze(MigrationFailedException cause, RepairNeededException needed) {
		String description = """
				The flyway migration '%s' failed%s:

				    %s

				'%s' was executed outside a transaction and is recorded as failed in %s. What its statements did before \
				the failing one is still there. Flyway refuses to go on, in every instance, until that record is removed."""
			.formatted(cause.getMigrator(), where(cause), cause.getReason(), needed.getScript(), needed.getHistory());
		String action = """
				Remove what '%s' has left behind; after CREATE INDEX CONCURRENTLY that is an INVALID index, to be dropped. \
				Then let Flyway repair its history, with a FlywayMigrationStrategy that calls repair() before migrate(), \
				with Flyway's command line, or with the statement below, and start the application again.

				    delete from %s where not success"""
			.formatted(needed.getScript(), needed.getHistory());
		return new FailureAnalysis(description, action, cause);
	}

	private static String where(MigrationFailedException cause) {
		if (cause.getUnit() == null) {
			return "";
		}
		return " in the unit '%s'%s".formatted(cause.getUnit(),
				(cause.getSqlState() != null) ? " with SQLSTATE " + cause.getSqlState() : "");
	}

}
