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

import io.github.migrationguard.AdvisoryLockException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a database whose advisory locks do not lock.
 *
 * @author Migration Guard
 */
class AdvisoryLockFailureAnalyzer extends AbstractFailureAnalyzer<AdvisoryLockException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AdvisoryLockException cause) {
		String description = """
				The migration '%s' cannot be guarded: the database says that it is %s, but its session-level advisory locks \
				do not do what those of PostgreSQL do:%n%n    %s%n%n\
				Two instances would migrate at once. Nothing has been changed."""
			.formatted(cause.getMigrator(), cause.getProduct(), cause.getDefect());
		String action = """
				If it is a database that only speaks PostgreSQL's protocol, use a version of it that has advisory locks, \
				or let the tool run unguarded with 'migration-guard.enabled=false'. If it is PostgreSQL, connect the \
				migration to one server, and to that directly.""";
		return new FailureAnalysis(description, action, cause);
	}

}
