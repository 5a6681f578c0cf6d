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

package io.github.migrationguard.fault;

import io.github.migrationguard.testsupport.NetworkNode;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * {@link ExecutionCondition} for {@link NetworkTest @NetworkTest}.
 *
 * @author Migration Guard
 */
class NetworkCondition implements ExecutionCondition {

	private static final String REQUIRE_ALL = "migration-guard.tests.require-all";

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (Boolean.getBoolean(REQUIRE_ALL)) {
			return ConditionEvaluationResult.enabled("'%s' is set".formatted(REQUIRE_ALL));
		}
		boolean possible = Clock.isPossible() && NetworkNode.isPossible();
		return possible ? ConditionEvaluationResult.enabled("networks and clocks can be shaken")
				: ConditionEvaluationResult.disabled("networks or clocks cannot be shaken here");
	}

}
