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

import io.github.migrationguard.LockLostException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a run whose session lost its lock twice.
 *
 * @author Migration Guard
 */
class LockLostFailureAnalyzer extends AbstractFailureAnalyzer<LockLostException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LockLostException cause) {
		String description = """
				%s, for the second time. A migration drops it with DISCARD ALL or pg_advisory_unlock_all(); a connection \
				pooler in transaction mode gives the session to somebody else."""
			.formatted(cause.getMessage());
		String action = (cause.getLastUnit() != null) ? """
				Remove such statements from '%s', or connect the migration to the server directly, or to a pooler in \
				session mode, with 'spring.liquibase.url' or 'spring.flyway.url'.""".formatted(cause.getLastUnit())
				: "Connect the migration to the server directly, or to a pooler in session mode, with 'spring.liquibase.url' or 'spring.flyway.url'.";
		return new FailureAnalysis(description, action, cause);
	}

}
