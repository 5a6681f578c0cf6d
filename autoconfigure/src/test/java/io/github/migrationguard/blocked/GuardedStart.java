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

package io.github.migrationguard.blocked;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.DdlSettings;
import io.github.migrationguard.GuardSettings;
import io.github.migrationguard.MigrationException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Settings;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The guarded migration of an instance that has been started in this JVM.
 *
 * @author Migration Guard
 */
final class GuardedStart implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final MigrationGuard guard;

	private final CompletableFuture<Void> run = new CompletableFuture<>();

	private GuardedStart(GuardSettings settings, Migrator migrator) {
		this.guard = new MigrationGuard(settings, ObservationRegistry.NOOP);
		this.guard.register(migrator);
		new Thread(this::migrate, "starter").start();
	}

	private void migrate() {
		try {
			this.guard.migrate();
			this.run.complete(null);
		}
		catch (Throwable ex) {
			this.run.completeExceptionally(ex);
		}
	}

	/**
	 * Start with a lock timeout that a test does not have to wait long for.
	 * @param migrator what is migrated
	 * @return the start
	 */
	static GuardedStart of(Migrator migrator) {
		return of(migrator, RepairInvalidIndexes.OWN);
	}

	static GuardedStart of(Migrator migrator, RepairInvalidIndexes repair) {
		return of(migrator, new DdlSettings(Duration.ofMillis(300), Duration.ofMillis(200), PATIENCE, repair));
	}

	/**
	 * Start with the default settings.
	 * @param migrator what is migrated
	 * @return the start
	 */
	static GuardedStart withDefaults(Migrator migrator) {
		return of(migrator, Settings.DDL);
	}

	static GuardedStart of(Migrator migrator, DdlSettings ddl) {
		return of(migrator, ddl, "orders/pod-0");
	}

	static GuardedStart of(Migrator migrator, DdlSettings ddl, String instance) {
		return new GuardedStart(new GuardSettings(instance, MigrationRole.MIGRATE, SchemaAhead.IGNORE, null, PATIENCE,
				PATIENCE, Map.of(), Duration.ZERO, ddl, Settings.BLOCKERS, Duration.ofMillis(100)), migrator);
	}

	MigrationStatus status() {
		return this.guard.getStatus().get(0);
	}

	void awaitBackingOff() {
		Awaiting.await("a blocked unit").until(() -> isBackingOff() || this.run.isDone());
		assertThat(isBackingOff()).as("backing off rather than %s", status()).isTrue();
	}

	boolean isBackingOff() {
		return status().state() == MigrationState.BACKING_OFF;
	}

	/**
	 * Return whether the migration has ended, for better or worse.
	 */
	boolean isOver() {
		return this.run.isDone();
	}

	/**
	 * Wait for the end.
	 * @return the last status
	 */
	MigrationStatus end() {
		Awaiting.await("the end of the migration").until(this.run::isDone);
		return status();
	}

	/**
	 * Wait for the end and expect all units to be applied.
	 * @return the last status
	 */
	MigrationStatus complete() {
		end();
		assertThat(this.run).isCompleted();
		assertThat(status().state()).isEqualTo(MigrationState.COMPLETED);
		return status();
	}

	/**
	 * Wait for the end and expect one that was blocked once or several times and then
	 * applied.
	 */
	void completeAfterRetry() {
		assertThat(complete().ddl().attempts()).extracting(Attempt::outcome)
			.hasSizeGreaterThan(1)
			.endsWith(Outcome.APPLIED);
	}

	/**
	 * Wait for the end and expect a failure.
	 * @return the failure
	 */
	MigrationException fail() {
		end();
		assertThat(status().state()).isEqualTo(MigrationState.FAILED);
		Throwable failure = failure();
		assertThat(failure).isInstanceOf(MigrationException.class);
		return (MigrationException) failure;
	}

	/**
	 * Wait for the end.
	 * @return the failure, or {@code null} if there was none
	 */
	@Nullable Throwable failure() {
		end();
		return this.run.handle((result, ex) -> ex).join();
	}

	@Override
	public void close() {
		this.guard.stop();
		end();
	}

}
