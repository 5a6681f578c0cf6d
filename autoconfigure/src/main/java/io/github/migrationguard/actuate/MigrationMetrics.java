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
import java.util.List;

import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for the state of each migration and for what it has left to do.
 * With lazy initialization the registries may be there before the migrations.
 *
 * @author Migration Guard
 */
class MigrationMetrics implements MeterBinder, MigrationListener {

	private final List<GuardedMigration> migrations = new ArrayList<>();

	private final List<MeterRegistry> registries = new ArrayList<>();

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.migrations.forEach((migration) -> bind(migration, registry));
	}

	@Override
	public synchronized void migrationRegistered(GuardedMigration migration) {
		this.migrations.add(migration);
		this.registries.forEach((registry) -> bind(migration, registry));
	}

	private static void bind(GuardedMigration migration, MeterRegistry registry) {
		MigrationStatus status = migration.getStatus();
		Tags tags = Tags.of("name", status.name(), "tool", status.tool());
		Gauge.builder("migrations.pending", migration, MigrationMetrics::pending)
			.description("Units of the migration that are still to be applied once")
			.tags(tags)
			.register(registry);
		for (MigrationState state : MigrationState.values()) {
			Gauge.builder("migrations.state", migration, (current) -> (current.getStatus().state() == state) ? 1 : 0)
				.description("Whether the migration is in the state")
				.tags(tags.and("state", state.name()))
				.register(registry);
		}
	}

	private static double pending(GuardedMigration migration) {
		MigrationStatus.Progress progress = migration.getStatus().progress();
		return (progress != null) ? progress.pending() : Double.NaN;
	}

}
