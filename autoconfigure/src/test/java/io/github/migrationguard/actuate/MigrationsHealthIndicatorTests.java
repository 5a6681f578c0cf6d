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

package io.github.migrationguard.actuate;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.gate.MigrationGate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MigrationsHealthIndicator}.
 *
 * @author Migration Guard
 */
class MigrationsHealthIndicatorTests {

	private final MigrationGuard guard = mock();

	private final MigrationGate gate = mock();

	private final MigrationsHealthIndicator indicator = new MigrationsHealthIndicator(this.guard, this.gate);

	@Test
	void isUpWhenGateIsOpen() {
		given(this.gate.isOpen()).willReturn(true);
		assertThat(statusOf(MigrationState.COMPLETED, MigrationState.UP_TO_DATE, MigrationState.SKIPPED,
				MigrationState.UNGUARDED))
			.isEqualTo(Status.UP);
		assertThat(statusOf()).isEqualTo(Status.UP);
	}

	@Test
	void isOutOfServiceWhenGateIsClosed() {
		assertThat(statusOf(MigrationState.COMPLETED)).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(statusOf()).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "COMPLETED", "UP_TO_DATE", "SKIPPED", "UNGUARDED", "FAILED" })
	void isOutOfServiceWhenMigrationIsNotDone(MigrationState state) {
		given(this.gate.isOpen()).willReturn(true);
		assertThat(statusOf(MigrationState.COMPLETED, state)).isEqualTo(Status.OUT_OF_SERVICE);
	}

	@Test
	void isDownWhenMigrationFailed() {
		assertThat(statusOf(MigrationState.COMPLETED, MigrationState.FAILED, MigrationState.PENDING))
			.isEqualTo(Status.DOWN);
	}

	@Test
	@Tag("security:S15")
	void detailsAreTheStates() {
		givenStatus(MigrationState.COMPLETED, MigrationState.WAITING);
		assertThat(this.indicator.health().getDetails()).isEqualTo(
				Map.of("migration-COMPLETED", MigrationState.COMPLETED, "migration-WAITING", MigrationState.WAITING));
	}

	private Status statusOf(MigrationState... states) {
		givenStatus(states);
		return this.indicator.health().getStatus();
	}

	private void givenStatus(MigrationState... states) {
		List<MigrationStatus> status = Stream.of(states)
			.map((state) -> Samples.status("migration-" + state, state, null))
			.toList();
		given(this.guard.getStatus()).willReturn(status);
	}

}
