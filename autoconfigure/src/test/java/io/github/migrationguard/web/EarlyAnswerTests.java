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

package io.github.migrationguard.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.web.EarlyProbePaths.Probe;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link EarlyAnswer}.
 *
 * @author Migration Guard
 */
class EarlyAnswerTests {

	@Test
	void stateIsThatOfTheEndpoint() {
		assertThat(answer(MigrationState.UP_TO_DATE, MigrationState.LOOKING)).contains("\"LOOKING\"");
		assertThat(answer(MigrationState.UP_TO_DATE, MigrationState.UP_TO_DATE)).contains("\"UP_TO_DATE\"");
		assertThat(answer(MigrationState.UP_TO_DATE, MigrationState.COMPLETED)).contains("\"COMPLETED\"");
		assertThat(answer(MigrationState.COMPLETED, MigrationState.UNGUARDED)).contains("\"UNGUARDED\"");
	}

	private static String answer(MigrationState... states) {
		MigrationGuard guard = mock();
		given(guard.getInstance()).willReturn("orders-1");
		given(guard.getStatus()).willReturn(Stream.of(states).map(EarlyAnswerTests::status).toList());
		return new String(EarlyAnswer.to(Probe.MIGRATIONS, guard).body(), StandardCharsets.UTF_8);
	}

	private static MigrationStatus status(MigrationState state) {
		return new MigrationStatus("liquibase", "liquibase", state, Instant.EPOCH, null, null, null, null, null,
				MigrationStatus.Ddl.NONE);
	}

}
