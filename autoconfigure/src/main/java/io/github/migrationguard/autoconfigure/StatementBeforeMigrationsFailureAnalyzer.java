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

import io.github.migrationguard.startup.StatementBeforeMigrationsException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Analyzes a statement that was sent before the migrations, which wait for the gate
 * because it was configured.
 *
 * @author Migration Guard
 */
@Order(0)
class StatementBeforeMigrationsFailureAnalyzer extends AbstractFailureAnalyzer<StatementBeforeMigrationsException> {

	private static final String MODE = "migration-guard.startup.mode";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StatementBeforeMigrationsException cause) {
		String description = """
				%s.

				Migrations run after the web server was started, as %s=gate says. The statement would have met the \
				database as it was before them.""".formatted(cause.getMessage(), MODE);
		String action = """
				Do one of these:

				    - run the migrations when the first statement is sent: %s=auto
				    - or read the database later, for example in an ApplicationRunner.""".formatted(MODE);
		return new FailureAnalysis(description, action, rootFailure);
	}

}
