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

import io.github.migrationguard.MigrationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Reports a {@link MigrationException}, which explains itself. The innermost one knows
 * most.
 *
 * @author Migration Guard
 */
class MigrationFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		MigrationException innermost = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			innermost = (cause instanceof MigrationException explained) ? explained : innermost;
		}
		return (innermost != null) ? new FailureAnalysis(innermost.getDescription(), innermost.getAction(), innermost)
				: null;
	}

}
