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

import io.github.migrationguard.TransactionPoolingException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a migration that was to run through a pooler of transactions.
 *
 * @author Migration Guard
 */
class TransactionPoolingFailureAnalyzer extends AbstractFailureAnalyzer<TransactionPoolingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TransactionPoolingException cause) {
		String description = """
				The migration '%s' is connected%s through a connection pooler that does not pool sessions but \
				transactions, or statements:%n%n    %s%n%n\
				There, an advisory lock is left behind in a session that others use next: two instances would migrate at \
				once. Nothing has been changed."""
			.formatted(cause.getMigrator(), (cause.getUrl() != null) ? " to " + cause.getUrl() : "", cause.getProof());
		String action = """
				Connect the migration to the server directly, or to a pooler in session mode, with 'spring.%1$s.url', \
				'spring.%1$s.user' and 'spring.%1$s.password'. The application itself may go on to use the pooler as it \
				is.%2$s"""
			.formatted(cause.getTool(), cause.isSupavisor()
					? " With Supavisor, session mode is on port 5432 of the same host instead of 6543." : "");
		return new FailureAnalysis(description, action, cause);
	}

}
