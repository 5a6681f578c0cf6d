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

import io.github.migrationguard.ddl.BlockedStatement;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * A unit did not get a lock and was rolled back.
 *
 * @author Migration Guard
 */
@SuppressWarnings("serial")
final class UnitBlockedException extends MigrationException {

	private final String unit;

	private final transient BlockedStatement blocked;

	private final transient @Nullable SessionSample sample;

	UnitBlockedException(String migrator, String unit, BlockedStatement blocked, @Nullable SessionSample sample) {
		super(migrator, "The unit '%s' of the migration '%s' was blocked".formatted(unit, migrator), blocked.failure());
		this.unit = unit;
		this.blocked = blocked;
		this.sample = sample;
	}

	String getUnit() {
		return this.unit;
	}

	BlockedStatement getBlocked() {
		return this.blocked;
	}

	/**
	 * Return what the statement met.
	 * @return what it met, or {@code null} if nobody has seen it
	 */
	@Nullable SessionSample getSample() {
		return this.sample;
	}

	Attempt.Outcome getReason() {
		return switch (this.blocked.reason()) {
			case LOCK_TIMEOUT -> Attempt.Outcome.LOCK_TIMEOUT;
			case STALL -> Attempt.Outcome.STALL;
			case DEADLOCK -> Attempt.Outcome.DEADLOCK;
		};
	}

	@Override
	public String getDescription() {
		return getMessage() + ".";
	}

	@Override
	public String getAction() {
		return "Nothing is to be done: the unit is tried again.";
	}

}
