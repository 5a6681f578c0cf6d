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

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.startup.StartupCause;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.watch.SessionSample;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link MeterBinder} for the state of the migrations, for what they have left to do and
 * for whom they wait, by bean: one that makes hundreds of migrations, one for each
 * tenant, has as many meters as one that makes a single migration. With lazy
 * initialization the registries may be there before the migrations.
 *
 * @author Migration Guard
 */
class MigrationMetrics implements MeterBinder, MigrationListener {

	private static final Log logger = LogFactory.getLog(MigrationMetrics.class);

	/**
	 * The outcomes of an attempt after which there is another one.
	 */
	private static final Set<Attempt.Outcome> REASONS = EnumSet
		.complementOf(EnumSet.of(Attempt.Outcome.APPLIED, Attempt.Outcome.FAILED));

	private final Map<Tags, List<GuardedMigration>> groups = new LinkedHashMap<>();

	private final StartupPlan startup;

	private final List<MeterRegistry> registries = new ArrayList<>();

	MigrationMetrics(StartupPlan startup) {
		this.startup = startup;
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		bind(registry, this::registerStartup);
		this.groups.forEach((tags, migrations) -> bind(registry, (current) -> register(tags, migrations, current)));
	}

	@Override
	public synchronized void migrationRegistered(GuardedMigration migration) {
		Migrator migrator = migration.getMigrator();
		Tags tags = Tags.of("name", migrator.getGroup(), "tool", migrator.getTool());
		this.groups.computeIfAbsent(tags, this::createGroup).add(migration);
	}

	private List<GuardedMigration> createGroup(Tags tags) {
		List<GuardedMigration> migrations = new CopyOnWriteArrayList<>();
		this.registries.forEach((registry) -> bind(registry, (current) -> register(tags, migrations, current)));
		return migrations;
	}

	/**
	 * A filter or a registry that fails does not fail the start.
	 */
	private static void bind(MeterRegistry registry, Consumer<MeterRegistry> meters) {
		try {
			meters.accept(registry);
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("The meters of the migrations could not be registered", ex);
		}
	}

	private void registerStartup(MeterRegistry registry) {
		registerStartup(StartupMode.GATE, StartupCause.DEFAULT, registry);
		registerStartup(StartupMode.GATE, StartupCause.CONFIGURED, registry);
		EnumSet.complementOf(EnumSet.of(StartupCause.DEFAULT))
			.forEach((cause) -> registerStartup(StartupMode.IN_REFRESH, cause, registry));
	}

	private void registerStartup(StartupMode mode, StartupCause cause, MeterRegistry registry) {
		Gauge
			.builder("migrations.startup", this.startup,
					(startup) -> (startup.mode() == mode && startup.cause() == cause) ? 1 : 0)
			.description("When the migrations of the instance run and why then: 1 for what holds")
			.tags("mode", mode.getValue(), "reason", tag(cause))
			.register(registry);
	}

	private static String tag(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static void register(Tags tags, List<GuardedMigration> migrations, MeterRegistry registry) {
		Gauge.builder("migrations.pending", migrations, MigrationMetrics::pending)
			.description("Units of the migrations of the bean that are still to be applied once")
			.tags(tags)
			.register(registry);
		Gauge.builder("migrations.blockers", migrations, MigrationMetrics::blockers)
			.description("Sessions that are in the way of the migrations of the bean")
			.tags(tags)
			.register(registry);
		Gauge.builder("migrations.queued.sessions", migrations, MigrationMetrics::queuedSessions)
			.description("Sessions that wait for the migrations of the bean")
			.tags(tags)
			.register(registry);
		for (MigrationState state : MigrationState.values()) {
			Gauge.builder("migrations.state", migrations, (current) -> count(current, state))
				.description("Number of migrations of the bean that are in the state")
				.tags(tags.and("state", state.name()))
				.register(registry);
		}
		for (Attempt.Outcome reason : REASONS) {
			FunctionCounter.builder("migrations.retries", migrations, (current) -> retries(current, reason))
				.description("How often a unit of the migrations of the bean was to be tried again")
				.tags(tags.and("reason", tag(reason)))
				.register(registry);
		}
	}

	private static double count(List<GuardedMigration> migrations, MigrationState state) {
		return migrations.stream().filter((migration) -> migration.getStatus().state() == state).count();
	}

	/**
	 * Unknown as long as nothing is known about any of them.
	 */
	private static double pending(List<GuardedMigration> migrations) {
		IntSummaryStatistics pending = migrations.stream()
			.map((migration) -> migration.getStatus().progress())
			.filter(Objects::nonNull)
			.mapToInt(MigrationStatus.Progress::pending)
			.summaryStatistics();
		return (pending.getCount() > 0) ? pending.getSum() : Double.NaN;
	}

	private static double blockers(List<GuardedMigration> migrations) {
		return samples(migrations).mapToInt((sample) -> sample.blockers().size()).sum();
	}

	private static double queuedSessions(List<GuardedMigration> migrations) {
		return samples(migrations).mapToInt((sample) -> sample.queuedBehind().count()).sum();
	}

	private static Stream<SessionSample> samples(List<GuardedMigration> migrations) {
		return ddl(migrations).map(MigrationStatus.Ddl::sample).filter(Objects::nonNull);
	}

	private static double retries(List<GuardedMigration> migrations, Attempt.Outcome reason) {
		return ddl(migrations).mapToInt((ddl) -> ddl.retries().getOrDefault(reason, 0)).sum();
	}

	private static Stream<MigrationStatus.Ddl> ddl(List<GuardedMigration> migrations) {
		return migrations.stream().map((migration) -> migration.getStatus().ddl());
	}

}
