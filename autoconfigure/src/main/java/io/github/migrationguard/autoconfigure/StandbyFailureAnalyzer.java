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

import io.github.migrationguard.StandbyException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a migration that was to run on a standby.
 *
 * @author Migration Guard
 */
class StandbyFailureAnalyzer extends AbstractFailureAnalyzer<StandbyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StandbyException cause) {
		String description = """
				%s%s. It was not promoted, and no primary took its place, within %s \
				(migration-guard.database.wait-timeout). Nothing has been changed.""".formatted(cause.getMessage(),
				(cause.getUrl() != null) ? " (" + cause.getUrl() + ")" : "", cause.getWaited());
		return new FailureAnalysis(description, """
				Connect the migration to the primary. A JDBC URL with all servers finds it by itself: \
				jdbc:postgresql://server1,server2/database?targetServerType=primary.""", cause);
	}

}
