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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.ClusterSampler;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.actuate.MigrationsDescriptor.StartupDescriptor;
import io.github.migrationguard.startup.StartupPlan;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.util.Assert;

/**
 * {@link Endpoint @Endpoint} to expose what the migrations do, who holds their locks and
 * who waits for them. It answers at once, also when the database does not.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@Endpoint(id = "migrations", defaultAccess = Access.READ_ONLY)
public class MigrationsEndpoint {

	/**
	 * Samples are taken about once a second.
	 */
	private static final Duration FRESH = Duration.ofSeconds(2);

	private static final String NO_ANSWER_YET = "The database has not answered yet";

	private final MigrationGuard guard;

	private final StartupPlan startup;

	private final ClusterSampler sampler;

	private final Clock clock;

	/**
	 * Create the endpoint.
	 * @param guard the guard that knows the migrations
	 * @param startup when they run
	 * @param sampler what asks the database for holders and waiters
	 */
	public MigrationsEndpoint(MigrationGuard guard, StartupPlan startup, ClusterSampler sampler) {
		this(guard, startup, sampler, Clock.systemUTC());
	}

	MigrationsEndpoint(MigrationGuard guard, StartupPlan startup, ClusterSampler sampler, Clock clock) {
		Assert.notNull(guard, "'guard' must not be null");
		Assert.notNull(startup, "'startup' must not be null");
		Assert.notNull(sampler, "'sampler' must not be null");
		this.guard = guard;
		this.startup = startup;
		this.sampler = sampler;
		this.clock = clock;
	}

	/**
	 * Describe all migrations.
	 * @return the description
	 */
	@ReadOperation
	public MigrationsDescriptor migrations() {
		return migrations(Queries.NONE);
	}

	MigrationsDescriptor migrations(Queries queries) {
		Map<String, MigrationDescriptor> migrations = describe(this.guard.getMigrations(), queries);
		return new MigrationsDescriptor(
				MigrationState.of(migrations.values().stream().map(MigrationDescriptor::state).toList()),
				this.guard.getInstance(), new StartupDescriptor(this.startup.mode().getValue(), this.startup.reason()),
				sampledAt(migrations), migrations);
	}

	private static @Nullable Instant sampledAt(Map<String, MigrationDescriptor> migrations) {
		return migrations.values()
			.stream()
			.map((migration) -> (migration.lock() != null) ? migration.lock().sampledAt() : null)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	/**
	 * Describe one migration.
	 * @param name the name of the migration's bean
	 * @return the description, or {@code null} if there is no such migration
	 */
	@ReadOperation
	public @Nullable MigrationDescriptor migration(@Selector String name) {
		return migration(name, Queries.NONE);
	}

	@Nullable MigrationDescriptor migration(String name, Queries queries) {
		GuardedMigration migration = find(name);
		return (migration != null) ? describe(List.of(migration), queries).get(name) : null;
	}

	@Nullable GuardedMigration find(String name) {
		return this.guard.getMigrations()
			.stream()
			.filter((migration) -> migration.getStatus().name().equals(name))
			.findFirst()
			.orElse(null);
	}

	boolean retry() {
		return this.guard.retry();
	}

	/**
	 * All databases are asked at once, so that the answer does not take longer the more
	 * there are.
	 */
	private Map<String, MigrationDescriptor> describe(List<GuardedMigration> migrations, Queries queries) {
		Instant now = this.clock.instant();
		List<Snapshot> snapshots = migrations.stream().map(Snapshot::of).toList();
		List<Migrator> locked = snapshots.stream()
			.filter((snapshot) -> snapshot.lock() != null)
			.map(Snapshot::migrator)
			.toList();
		if (!locked.isEmpty()) {
			this.sampler.refresh(locked);
		}
		MigrationDescriber describer = new MigrationDescriber(this.guard.getRole(), queries, now);
		Map<String, MigrationDescriptor> descriptors = new LinkedHashMap<>();
		for (Snapshot snapshot : snapshots) {
			descriptors.put(snapshot.status().name(), describer.describe(snapshot.status(), sample(snapshot, now)));
		}
		return descriptors;
	}

	/**
	 * An instance that waits sees itself who takes part, but not what the holder meets:
	 * an old answer to that is better than none, and has its age.
	 */
	private @Nullable ClusterSample sample(Snapshot snapshot, Instant now) {
		MigrationStatus.Lock lock = snapshot.lock();
		if (lock == null) {
			return null;
		}
		ClusterSample own = snapshot.ownSample();
		ClusterSample sample = this.sampler.latest(snapshot.migrator(), lock.key());
		if (sample == null) {
			return (own != null) ? own : ClusterSample.unavailable(NO_ANSWER_YET, now);
		}
		if (own == null || (sample.participants() != null && isFresh(sample, now))) {
			return sample;
		}
		return (isFresh(own, now) || own.sampledAt().isAfter(sample.sampledAt())) ? own.withHolderOf(sample) : sample;
	}

	private static boolean isFresh(ClusterSample sample, Instant now) {
		return sample.sampledAt().isAfter(now.minus(FRESH));
	}

	/**
	 * A migration at one moment.
	 *
	 * @param migrator the migrator
	 * @param status its status
	 */
	private record Snapshot(Migrator migrator, MigrationStatus status) {

		static Snapshot of(GuardedMigration migration) {
			return new Snapshot(migration.getMigrator(), migration.getStatus());
		}

		MigrationStatus.@Nullable Lock lock() {
			return this.status.lock();
		}

		/**
		 * Return what a waiting instance has seen itself.
		 */
		@Nullable ClusterSample ownSample() {
			MigrationStatus.Lock lock = lock();
			return (lock != null && this.status.state() == MigrationState.WAITING) ? lock.sample() : null;
		}

	}

}
