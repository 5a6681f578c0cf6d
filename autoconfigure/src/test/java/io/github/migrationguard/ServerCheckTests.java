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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.migrationguard.lock.ConnectionSource;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.Settings;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link ServerCheck} when nothing is pending: what is known without a
 * statement.
 *
 * @author Migration Guard
 */
@ExtendWith(OutputCaptureExtension.class)
class ServerCheckTests {

	private static final String URL = "jdbc:postgresql://db:5432/orders";

	private final PGConnection postgres = mock(PGConnection.class);

	private final Connection connection = mock(Connection.class);

	@Test
	void saysNothingAboutPlainServer(CapturedOutput output) throws Exception {
		given(this.postgres.getBackendPID()).willReturn(4242);
		given(this.postgres.getParameterStatus("in_hot_standby")).willReturn("off");
		check(MigrationRole.MIGRATE, URL);
		assertThat(output).isEmpty();
		then(this.connection).should(never()).createStatement();
	}

	@Test
	void warnsOfStandby(CapturedOutput output) throws Exception {
		given(this.postgres.getParameterStatus("in_hot_standby")).willReturn("on");
		check(MigrationRole.MIGRATE, URL);
		assertThat(output).contains("WARN")
			.contains(
					"Migration 'liquibase' is connected to a standby: with something pending it would wait for a primary");
	}

	@Test
	void standbyIsFineForRoleThatOnlyWaits(CapturedOutput output) throws Exception {
		given(this.postgres.getParameterStatus("in_hot_standby")).willReturn("on");
		check(MigrationRole.WAIT, URL);
		assertThat(output).isEmpty();
	}

	@Test
	void warnsOfTransactionModeOfSupavisor(CapturedOutput output) throws Exception {
		check(MigrationRole.MIGRATE, "jdbc:postgresql://aws-0-eu.pooler.supabase.com:6543/postgres");
		assertThat(output).contains("aws-0-eu.pooler.supabase.com:6543/postgres, which pools transactions");
	}

	@Test
	void recognizesPoolerByInventedProcessId(CapturedOutput output) throws Exception {
		given(this.postgres.getBackendPID()).willReturn(-826972305);
		check(MigrationRole.MIGRATE, URL);
		assertThat(output).contains("INFO").contains("is connected through a connection pooler");
	}

	private void check(MigrationRole role, String url) throws Exception {
		given(this.connection.unwrap(PGConnection.class)).willReturn(this.postgres);
		given(this.connection.getAutoCommit()).willReturn(true);
		Migrator migrator = mock(Migrator.class);
		given(migrator.getName()).willReturn("liquibase");
		StatusBoard board = new StatusBoard(MigrationStatus.pending(migrator)
			.withDatabase(new MigrationStatus.Database("PostgreSQL 17.6", url, null)));
		GuardSettings settings = Settings.of("instance", role, SchemaAhead.WARN, Duration.ofMinutes(2));
		RunContext run = new RunContext(migrator, settings, board, new StopSignal(),
				new RunObservations(ObservationRegistry.NOOP, migrator), List::of);
		new ServerCheck(run, MigrationSession.open(new Source(this.connection))).check(true);
	}

	private record Source(Connection connection) implements ConnectionSource {

		@Override
		public Connection borrow() {
			return this.connection;
		}

		@Override
		public void giveBack(Connection connection) throws SQLException {
		}

		@Override
		public boolean discard(Connection connection) {
			return true;
		}

	}

}
