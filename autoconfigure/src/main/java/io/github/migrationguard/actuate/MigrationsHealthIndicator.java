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

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.gate.MigrationGate;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.Assert;

/**
 * {@link HealthIndicator} that is out of service until the migrations are done and down
 * if one has failed. It never asks the database.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class MigrationsHealthIndicator extends AbstractHealthIndicator {

	private final MigrationGuard guard;

	private final MigrationGate gate;

	/**
	 * Create the indicator.
	 * @param guard the guard that knows the migrations
	 * @param gate the gate that is open when all are done
	 */
	public MigrationsHealthIndicator(MigrationGuard guard, MigrationGate gate) {
		super("The status of the migrations could not be read");
		Assert.notNull(guard, "'guard' must not be null");
		Assert.notNull(gate, "'gate' must not be null");
		this.guard = guard;
		this.gate = gate;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		boolean open = this.gate.isOpen();
		List<MigrationStatus> migrations = this.guard.getStatus();
		builder.status(status(open, migrations));
		migrations.forEach((migration) -> builder.withDetail(migration.name(), migration.state()));
	}

	/**
	 * As long as the gate is closed there may be migrations that are not known yet.
	 */
	private static Status status(boolean open, List<MigrationStatus> migrations) {
		List<MigrationState> states = migrations.stream().map(MigrationStatus::state).toList();
		if (states.contains(MigrationState.FAILED)) {
			return Status.DOWN;
		}
		return (open && states.stream().allMatch(MigrationState::isDone)) ? Status.UP : Status.OUT_OF_SERVICE;
	}

}
