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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupPlan} and {@link StartupPlanner}.
 *
 * @author Migration Guard
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupPlanTests {

	@ParameterizedTest
	@CsvSource({ "GATE,gate", "IN_REFRESH,in-refresh" })
	void configuredModeStays(StartupMode mode, String value) {
		StartupPlan plan = StartupPlanner.plan(mode, new GenericApplicationContext());
		plan.runEarlier(StartupCause.FIRST_STATEMENT, "a reason");
		assertThat(plan.mode()).isEqualTo(mode);
		assertThat(plan.reason()).isEqualTo("migration-guard.startup.mode=" + value);
		assertThat(plan.cause()).isEqualTo(StartupCause.CONFIGURED);
	}

	@Test
	void gateIsGivenUpOnceForTheFirstReason() {
		StartupPlan plan = new StartupPlan(StartupMode.AUTO, "test");
		assertThat(plan.mode()).isEqualTo(StartupMode.GATE);
		assertThat(plan.reason()).isEqualTo("test");
		assertThat(plan.cause()).isEqualTo(StartupCause.DEFAULT);
		plan.runEarlier(StartupCause.FIRST_STATEMENT, "first");
		plan.runEarlier(StartupCause.UNNOTICED_STATEMENTS, "second");
		assertThat(plan.mode()).isEqualTo(StartupMode.IN_REFRESH);
		assertThat(plan.isInRefresh()).isTrue();
		assertThat(plan.reason()).isEqualTo("first");
		assertThat(plan.cause()).isEqualTo(StartupCause.FIRST_STATEMENT);
	}

	@Test
	void unnoticedStatementsRunMigrationsEarlierAndTellTheRemedy(CapturedOutput output) {
		StartupPlan plan = new StartupPlan(StartupMode.AUTO, "test");
		plan.runEarlierThanUnnoticed("a reason");
		assertThat(plan.mode()).isEqualTo(StartupMode.IN_REFRESH);
		assertThat(plan.cause()).isEqualTo(StartupCause.UNNOTICED_STATEMENTS);
		assertThat(plan.reason()).isEqualTo("a reason; if no bean sends a statement while it is created,"
				+ " migration-guard.startup.mode=gate starts the web server first");
		assertThat(output).isEmpty();
	}

	@Test
	void unnoticedStatementsAreWarnedOfIfTheGateIsForced(CapturedOutput output) {
		StartupPlan plan = new StartupPlan(StartupMode.GATE, "test");
		plan.runEarlierThanUnnoticed("a reason");
		assertThat(plan.mode()).isEqualTo(StartupMode.GATE);
		assertThat(output).contains("WARN", "Somebody may meet the database as it was before the migrations: a reason");
	}

}
