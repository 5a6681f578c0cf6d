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

package io.github.migrationguard.startup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupPlan} and {@link StartupPlanner}.
 *
 * @author Migration Guard
 */
class StartupPlanTests {

	@ParameterizedTest
	@CsvSource({ "GATE,gate", "IN_REFRESH,in-refresh" })
	void configuredModeStays(StartupMode mode, String value) {
		StartupPlan plan = StartupPlanner.plan(mode, new GenericApplicationContext());
		plan.runEarlier("a reason");
		assertThat(plan.mode()).isEqualTo(mode);
		assertThat(plan.reason()).isEqualTo("migration-guard.startup.mode=" + value);
	}

	@Test
	void gateIsGivenUpOnceForTheFirstReason() {
		StartupPlan plan = new StartupPlan(StartupMode.AUTO, "test");
		assertThat(plan.mode()).isEqualTo(StartupMode.GATE);
		assertThat(plan.reason()).isEqualTo("test");
		plan.runEarlier("first");
		plan.runEarlier("second");
		assertThat(plan.mode()).isEqualTo(StartupMode.IN_REFRESH);
		assertThat(plan.isInRefresh()).isTrue();
		assertThat(plan.reason()).isEqualTo("first");
	}

}
