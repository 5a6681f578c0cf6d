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

import io.github.migrationguard.PartlyAppliedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link PartlyAppliedException}: what is there of the unit, and how to get
 * out of it.
 *
 * @author Migration Guard
 */
class PartlyAppliedFailureAnalyzer extends AbstractFailureAnalyzer<PartlyAppliedException> {

	private static final String QUERY_CANCELED = "57014";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PartlyAppliedException cause) {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' failed in the unit '%s' with SQLSTATE %s:%n%n    %s%n%n"
			.formatted(cause.getTool(), cause.getMigrator(), cause.getUnit(), cause.getSqlState(), cause.getReason()));
		description.append("What the unit does is not rolled back. ");
		if (cause.getStatement() != null) {
			description.append("It failed with:%n%n    %s%n%n".formatted(cause.getStatement()));
		}
		description.append(before(cause));
		return new FailureAnalysis(description.toString(), cancelled(cause) + """
				Compare the unit with what is in the database. Then remove what is there of it, or %s. Start the \
				application again: the unit is executed from its beginning. To have this never again, give each \
				statement that needs no transaction a unit of its own, which can be repeated."""
			.formatted(completion(cause)), cause);
	}

	/**
	 * It was not one of ours.
	 */
	private static String cancelled(PartlyAppliedException cause) {
		return QUERY_CANCELED.equals(cause.getSqlState()) ? "Ask who has cancelled it, and why. " : "";
	}

	private static String before(PartlyAppliedException cause) {
		if (cause.getExecuted() > 0) {
			return "%s statements before it were executed and are not rolled back. No lock is left."
				.formatted(cause.getExecuted());
		}
		return cause.isDoneBefore()
				? "No other statement was executed before, so what it met is left of an earlier attempt that was cut off, or was made by somebody else. No lock is left."
				: "It is not known whether the server has executed it. No lock is left.";
	}

	private static String completion(PartlyAppliedException cause) {
		return "liquibase".equals(cause.getTool())
				? "do the rest by hand and let 'liquibase mark-next-changeset-ran' record it"
				: "make its statements repeatable ('if not exists')";
	}

}
