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

package io.github.migrationguard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.migrationguard.testsupport.HeldMigration;
import io.github.migrationguard.testsupport.Settings;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ReconnectWait}.
 *
 * @author Migration Guard
 */
class ReconnectWaitTests {

	private static final SQLException LOST = new SQLException("This connection has been closed", "08003");

	@Test
	void outageIsOneHoweverOftenThereIsASession() {
		Duration timeout = Duration.ofHours(1);
		ReconnectWait wait = wait(timeout);
		assertThat(wait.left()).isEqualTo(timeout);
		wait.connected();
		assertThat(wait.left()).isEqualTo(timeout);
		wait.pause(LOST);
		Duration left = wait.left();
		assertThat(left).isLessThan(timeout);
		wait.connected();
		wait.pause(LOST);
		assertThat(wait.left()).isLessThan(left);
	}

	@Test
	void outageIsOverWhenTheTimeIs() {
		ReconnectWait wait = wait(Duration.ofMillis(1));
		wait.pause(LOST);
		assertThat(wait.left()).isZero();
		wait.connected();
		assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(() -> wait.pause(LOST))
			.withCause(LOST);
	}

	private static ReconnectWait wait(Duration timeout) {
		HeldMigration migrator = new HeldMigration();
		return new ReconnectWait(
				new RunContext(migrator, Settings.of("instance", MigrationRole.MIGRATE, SchemaAhead.WARN, timeout),
						new StatusBoard(MigrationStatus.pending(migrator)), new StopSignal(),
						new RunObservations(ObservationRegistry.NOOP, migrator), List::of));
	}

}
