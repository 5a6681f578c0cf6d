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

import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.startup.StartupCause;
import io.github.migrationguard.testsupport.HeldMigration;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MigrationsMetricsAutoConfiguration} and {@link MigrationMetrics}.
 *
 * @author Migration Guard
 */
class MigrationsMetricsAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(MigrationGuardAutoConfiguration.class, MigrationsMetricsAutoConfiguration.class,
						MetricsAutoConfiguration.class, ObservationAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class);

	@Test
	void stateIsOneForCurrentStateAndZeroForEveryOther() {
		this.contextRunner.run((context) -> {
			HeldMigration migration = new HeldMigration();
			migration.release();
			migrate(context.getBean(MigrationGuard.class), migration);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(state(registry, MigrationState.SKIPPED)).isOne();
			assertThat(registry.get("migrations.state").tags("name", "held", "tool", "test").gauges())
				.hasSize(MigrationState.values().length)
				.filteredOn((gauge) -> gauge.value() == 1)
				.hasSize(1);
		});
	}

	@Test
	void pendingIsUnknownUntilTheDatabaseWasAsked() {
		this.contextRunner.run((context) -> {
			HeldMigration migration = new HeldMigration();
			migration.release();
			migrate(context.getBean(MigrationGuard.class), migration);
			assertThat(context.getBean(MeterRegistry.class)
				.get("migrations.pending")
				.tags("name", "held", "tool", "test")
				.gauge()
				.value()).isNaN();
		});
	}

	@Test
	void modeAndReasonOfStartupAreOneForWhatHolds() {
		assertStartup("in-refresh", "no-health-endpoint");
		assertStartup("in-refresh", "configured", "migration-guard.startup.mode=in-refresh");
		assertStartup("gate", "configured", "migration-guard.startup.mode=gate");
	}

	private void assertStartup(String mode, String reason, String... properties) {
		this.contextRunner.withPropertyValues(properties)
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).get("migrations.startup").gauges())
				.hasSize(StartupCause.values().length + 1)
				.filteredOn((gauge) -> gauge.value() == 1)
				.singleElement()
				.extracting((gauge) -> gauge.getId().getTags())
				.isEqualTo(Tags.of("mode", mode, "reason", reason).stream().toList()));
	}

	@Test
	void migrationsAreBoundWhetherRegisteredBeforeOrAfterTheRegistry() {
		MigrationMetrics metrics = new MigrationMetrics(Samples.STARTUP);
		SimpleMeterRegistry before = new SimpleMeterRegistry();
		SimpleMeterRegistry after = new SimpleMeterRegistry();
		metrics.bindTo(before);
		this.contextRunner.run((context) -> {
			HeldMigration migration = new HeldMigration();
			migration.release();
			MigrationGuard guard = context.getBean(MigrationGuard.class);
			migrate(guard, migration);
			metrics.migrationRegistered(guard.getMigrations().get(0));
			metrics.bindTo(after);
			assertThat(state(before, MigrationState.SKIPPED)).isOne();
			assertThat(state(after, MigrationState.SKIPPED)).isOne();
		});
	}

	@Test
	void registryMayBeCreatedOnTheWayToTheGuard() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				HeldMigration migration = new HeldMigration();
				migration.release();
				migrate(context.getBean(MigrationGuard.class), migration);
				assertThat(state(context.getBean(MeterRegistry.class), MigrationState.SKIPPED)).isOne();
			});
	}

	@Test
	void failingListenerAndFilterFailNoMigration() {
		this.contextRunner.withBean(MigrationListener.class, () -> (migration) -> {
			throw new IllegalStateException("listener");
		}).withBean(MeterFilter.class, FailingFilter::new).run((context) -> {
			HeldMigration migration = new HeldMigration();
			migration.release();
			migrate(context.getBean(MigrationGuard.class), migration);
			assertThat(context.getBean(MigrationGuard.class).getStatus()).singleElement()
				.satisfies((status) -> assertThat(status.state()).isEqualTo(MigrationState.SKIPPED));
		});
	}

	@Test
	void backsOffWithoutGuardRegistryOrMicrometer() {
		this.contextRunner.withPropertyValues("migration-guard.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationMetrics.class));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class,
					MigrationsMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationMetrics.class));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class,
					MigrationsMetricsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MigrationMetrics.class));
	}

	@Test
	@Tag("security:S16")
	void migrationsOfOneBeanAreCountedTogether() {
		MigrationMetrics metrics = new MigrationMetrics(Samples.STARTUP);
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		metrics.bindTo(registry);
		metrics.migrationRegistered(tenant(MigrationState.COMPLETED, 0));
		metrics.migrationRegistered(tenant(MigrationState.MIGRATING, 3));
		metrics.migrationRegistered(tenant(MigrationState.PENDING, null));
		metrics.migrationRegistered(tenant(MigrationState.PENDING, null));
		assertThat(registry.get("migrations.pending").tags("name", "tenants").gauges()).singleElement()
			.extracting(Gauge::value)
			.isEqualTo(3.0);
		assertThat(registry.get("migrations.state").tags("name", "tenants").gauges())
			.filteredOn((gauge) -> gauge.value() > 0)
			.extracting((gauge) -> gauge.getId().getTag("state"), Gauge::value)
			.containsExactlyInAnyOrder(tuple("COMPLETED", 1.0), tuple("MIGRATING", 1.0), tuple("PENDING", 2.0));
	}

	@Test
	void blockersQueueAndRetriesOfOneBeanAreCountedTogether() {
		MigrationMetrics metrics = new MigrationMetrics(Samples.STARTUP);
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		metrics.bindTo(registry);
		metrics.migrationRegistered(tenant(new MigrationStatus.Ddl(blocked(2, 5), List.of(),
				Map.of(Attempt.Outcome.STALL, 3, Attempt.Outcome.LOCK_TIMEOUT, 1), List.of())));
		metrics.migrationRegistered(
				tenant(new MigrationStatus.Ddl(blocked(1, 0), List.of(), Map.of(Attempt.Outcome.STALL, 4), List.of())));
		metrics.migrationRegistered(tenant(MigrationStatus.Ddl.NONE));
		assertThat(registry.get("migrations.blockers").tags("name", "tenants", "tool", "liquibase").gauge().value())
			.isEqualTo(3);
		assertThat(
				registry.get("migrations.queued.sessions").tags("name", "tenants", "tool", "liquibase").gauge().value())
			.isEqualTo(5);
		assertThat(registry.get("migrations.retries").tags("name", "tenants", "tool", "liquibase").functionCounters())
			.extracting((counter) -> counter.getId().getTag("reason"), FunctionCounter::count)
			.containsExactlyInAnyOrder(tuple("stall", 7.0), tuple("lock-timeout", 1.0), tuple("deadlock", 0.0));
	}

	private static SessionSample blocked(int blockers, int queued) {
		return new SessionSample(Samples.NOW, true, null, Collections.nCopies(blockers, Samples.IDLE),
				new QueuedSessions(queued, null, List.of()), null);
	}

	private static GuardedMigration tenant(MigrationStatus.Ddl ddl) {
		GuardedMigration migration = tenant(MigrationState.MIGRATING, 1);
		given(migration.getStatus().ddl()).willReturn(ddl);
		return migration;
	}

	private static GuardedMigration tenant(MigrationState state, @Nullable Integer pending) {
		Migrator migrator = mock();
		given(migrator.getGroup()).willReturn("tenants");
		given(migrator.getTool()).willReturn("liquibase");
		MigrationStatus status = mock();
		given(status.state()).willReturn(state);
		if (pending != null) {
			given(status.progress())
				.willReturn(new MigrationStatus.Progress(1, pending, 0, null, null, List.of(), List.of()));
		}
		GuardedMigration migration = mock();
		given(migration.getMigrator()).willReturn(migrator);
		given(migration.getStatus()).willReturn(status);
		return migration;
	}

	private static void migrate(MigrationGuard guard, Migrator migrator) {
		guard.register(migrator);
		guard.migrate();
	}

	private static double state(MeterRegistry registry, MigrationState state) {
		return registry.get("migrations.state")
			.tags("name", "held", "tool", "test", "state", state.name())
			.gauge()
			.value();
	}

	/**
	 * Fails for the meters of the migrations.
	 */
	static class FailingFilter implements MeterFilter {

		@Override
		public MeterFilterReply accept(Meter.Id id) {
			if (id.getName().startsWith("migrations.")) {
				throw new IllegalStateException("filter");
			}
			return MeterFilterReply.NEUTRAL;
		}

	}

}
