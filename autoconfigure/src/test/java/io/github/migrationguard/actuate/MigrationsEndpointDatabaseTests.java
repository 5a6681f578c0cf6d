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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.migrationguard.ClusterSampler;
import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.UnitCommit;
import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.lock.HistoryTable;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Settings;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationsEndpoint} on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class MigrationsEndpointDatabaseTests {

	/**
	 * Far more than the endpoint waits for answers, far less than a database that is gone
	 * would cost.
	 */
	private static final Duration SHORT = Duration.ofSeconds(2);

	private static final int MANY = 100;

	private final ClusterSampler sampler = new ClusterSampler();

	private final List<Instance> instances = new ArrayList<>();

	@BeforeEach
	void createHistory(TestDatabase database) {
		database.client().sql("create table history (unit text primary key)").update();
	}

	@AfterEach
	void close() {
		this.instances.forEach(Instance::close);
		this.sampler.close();
	}

	@Test
	void holderAndWaitersAreTheSameForEveryInstance(TestDatabase database) {
		Instance holder = start("orders/pod-0", dataSource(database), 1);
		Awaiting.await("holder").until(() -> holder.state() == MigrationState.MIGRATING);
		Instance first = start("orders/pod-1", dataSource(database), 1);
		Instance second = start("orders/pod-2", dataSource(database), 1);
		for (Instance instance : this.instances) {
			Awaiting.await("all of them in the status of " + instance.name).untilAsserted(() -> {
				LockDescriptor lock = instance.lock();
				assertThat(lock.holder()).isNotNull();
				assertThat(lock.holder().instance()).isEqualTo("orders/pod-0");
				assertThat(lock.waiters()).extracting(ParticipantDescriptor::instance)
					.containsExactlyInAnyOrder("orders/pod-1", "orders/pod-2");
			});
		}
		assertThat(holder.lock().acquiredAt()).isNotNull();
		assertThat(first.lock().waitedFor()).isPositive();
		holder.release();
		Awaiting.await("the others").until(() -> first.isDone() && second.isDone());
		Awaiting.await("nobody any more").untilAsserted(() -> {
			assertThat(second.lock().holder()).isNull();
			assertThat(second.lock().waiters()).isEmpty();
		});
	}

	@Test
	@Tag("security:S19")
	void manyRequestsForManyMigrationsAreOneQueryASecond(TestDatabase database) {
		Instance instance = startUpToDate(database, dataSource(database));
		Set<Instant> samples = new HashSet<>();
		long start = System.nanoTime();
		Awaiting.await("three samples").until(() -> {
			MigrationsDescriptor descriptor = instance.endpoint.migrations();
			assertThat(descriptor.migrations()).hasSize(MANY);
			return descriptor.sampledAt() != null && samples.add(descriptor.sampledAt()) && samples.size() == 3;
		});
		long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
		assertThat(queries(database)).isLessThanOrEqualTo(seconds + 1);
	}

	private static long queries(TestDatabase database) {
		return database.statementLog()
			.statements()
			.stream()
			.filter((entry) -> entry.application().equals("migration-guard"))
			.count();
	}

	@Test
	@Tag("security:S19")
	void databaseThatDoesNotAnswerDelaysNoAnswer(TestDatabase database) {
		SwitchableDataSource dataSource = new SwitchableDataSource(dataSource(database));
		Instance instance = startUpToDate(database, dataSource);
		CountDownLatch recovery = new CountDownLatch(1);
		dataSource.failure = () -> {
			recovery.await();
			return new SQLException("gone");
		};
		long start = System.nanoTime();
		MigrationsDescriptor descriptor = instance.endpoint.migrations();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);
		assertThat(descriptor.migrations().values())
			.allSatisfy((migration) -> assertThat(migration.cluster().unavailable())
				.isEqualTo("The database has not answered yet"));
		recovery.countDown();
		Awaiting.await("reason")
			.until(() -> instance.endpoint.migration("migration-7").cluster().unavailable().equals("gone"));
	}

	@Test
	void lastSampleIsShownUntilDatabaseIsFoundToBeDown(TestDatabase database) {
		SwitchableDataSource dataSource = new SwitchableDataSource(dataSource(database));
		Instance instance = start("orders/pod-0", dataSource, 1);
		Awaiting.await("holder in the status")
			.until(() -> instance.state() == MigrationState.MIGRATING && instance.lock().holder() != null);
		dataSource.failure = () -> new SQLException("Connection refused");
		Awaiting.await("reason").untilAsserted(() -> {
			MigrationDescriptor descriptor = instance.descriptor();
			assertThat(descriptor.cluster()).isNotNull();
			assertThat(descriptor.cluster().unavailable()).isEqualTo("Connection refused");
			assertThat(descriptor.lock().holder()).isNull();
			assertThat(descriptor.state()).isEqualTo(MigrationState.MIGRATING);
		});
	}

	private static DataSource dataSource(TestDatabase database) {
		return new DriverManagerDataSource(database.url(), database.username(), database.password());
	}

	private Instance startUpToDate(TestDatabase database, DataSource dataSource) {
		database.client()
			.sql("insert into history select 'migration-' || number from generate_series(1, ?) number")
			.param(MANY)
			.update();
		Instance instance = start("orders/pod-0", dataSource, MANY);
		Awaiting.await("migrations").until(instance::isDone);
		return instance;
	}

	private Instance start(String name, DataSource dataSource, int migrations) {
		Instance instance = new Instance(name, dataSource, migrations);
		this.instances.add(instance);
		return instance;
	}

	/**
	 * An instance of a service whose migrations end when the test says so.
	 */
	private final class Instance {

		private final String name;

		private final MigrationGuard guard;

		private final MigrationsEndpoint endpoint;

		private final CountDownLatch end = new CountDownLatch(1);

		private final CompletableFuture<Void> run;

		Instance(String name, DataSource dataSource, int migrations) {
			this.name = name;
			this.guard = new MigrationGuard(
					Settings.of(name, MigrationRole.MIGRATE, SchemaAhead.IGNORE, Duration.ofMinutes(1)),
					ObservationRegistry.NOOP);
			this.endpoint = new MigrationsEndpoint(this.guard, new StartupPlan(StartupMode.GATE, "test"),
					MigrationsEndpointDatabaseTests.this.sampler);
			IntStream.rangeClosed(1, migrations)
				.mapToObj((number) -> new OneUnitMigrator("migration-" + number, dataSource, this.end))
				.forEach(this.guard::register);
			this.run = CompletableFuture.runAsync(this.guard::migrate);
		}

		MigrationDescriptor descriptor() {
			return this.endpoint.migration("migration-1");
		}

		MigrationState state() {
			return descriptor().state();
		}

		LockDescriptor lock() {
			return descriptor().lock();
		}

		boolean isDone() {
			return this.guard.isDone();
		}

		void release() {
			this.end.countDown();
		}

		void close() {
			release();
			this.run.join();
		}

	}

	/**
	 * A migrator with one unit, which has the name of the migrator.
	 */
	private record OneUnitMigrator(String name, DataSource dataSource, CountDownLatch end) implements Migrator {

		@Override
		public String getName() {
			return this.name;
		}

		@Override
		public String getTool() {
			return "test";
		}

		@Override
		public DataSource getDataSource() {
			return this.dataSource;
		}

		@Override
		public boolean isSwitchedOff() {
			return false;
		}

		@Override
		public void runUnguarded() {
			throw new UnsupportedOperationException();
		}

		@Override
		public MigrationLook look(Connection connection) {
			MigrationTarget target = new MigrationTarget(
					new HistoryTable("history", "history", "max(unit)", "unit", "unit"), this.name, this.name);
			List<String> applied = client(connection).sql("select unit from history").query(String.class).list();
			List<String> pending = applied.contains(this.name) ? List.of() : List.of(this.name);
			return MigrationLook.of(target, pending, pending.size(), List.of(), 1 - pending.size(), applied.size());
		}

		@Override
		public void migrate(GuardedRun run) throws Exception {
			run.unitStarts(this.name, UnitCommit.BY_TOOL);
			this.end.await();
			try (Connection connection = run.openConnection()) {
				client(connection).sql("insert into history values (?)").param(this.name).update();
			}
			run.unitApplied(this.name);
		}

		private static JdbcClient client(Connection connection) {
			return JdbcClient.create(new SingleConnectionDataSource(connection, true));
		}

	}

	/**
	 * A data source that can be made to fail.
	 */
	private static final class SwitchableDataSource extends AbstractDataSource {

		private final DataSource target;

		private volatile @Nullable Callable<SQLException> failure;

		SwitchableDataSource(DataSource target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Callable<SQLException> failure = this.failure;
			if (failure == null) {
				return this.target.getConnection();
			}
			try {
				throw failure.call();
			}
			catch (SQLException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new SQLException(ex);
			}
		}

		@Override
		public Connection getConnection(String username, String password) {
			throw new UnsupportedOperationException();
		}

	}

}
