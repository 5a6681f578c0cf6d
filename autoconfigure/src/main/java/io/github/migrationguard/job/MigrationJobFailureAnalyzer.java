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

package io.github.migrationguard.job;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an application that cannot be a migration job.
 *
 * @author Migration Guard
 */
class MigrationJobFailureAnalyzer extends AbstractFailureAnalyzer<MigrationJobException> {

	private static final String ACTION = """
			Start the job with the configuration of the application itself: its Liquibase or Flyway switched on \
			(spring.liquibase.enabled, spring.flyway.enabled, migration-guard.enabled) and its database one of \
			PostgreSQL. If it has nothing to migrate, do without the job.""";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MigrationJobException cause) {
		return new FailureAnalysis(cause.getMessage(), ACTION, cause);
	}

}
