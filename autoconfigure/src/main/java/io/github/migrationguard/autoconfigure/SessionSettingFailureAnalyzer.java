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

import io.github.migrationguard.lock.SessionSettingException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link SessionSettingException}: names the property.
 *
 * @author Migration Guard
 */
class SessionSettingFailureAnalyzer extends AbstractFailureAnalyzer<SessionSettingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SessionSettingException cause) {
		String property = "migration-guard.session.settings." + cause.getName();
		String description = "The server refused the value '%s' of the property '%s':%n%n    %s".formatted(
				cause.getValue(), property,
				(cause.getCause() != null) ? cause.getCause().getMessage() : cause.getMessage());
		String action = "Correct or remove the property '%s'. It takes the name and a value of a setting of your PostgreSQL version that the user of the migration may set."
			.formatted(property);
		return new FailureAnalysis(description, action, cause);
	}

}
