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

package io.github.migrationguard.testsupport;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import io.github.migrationguard.BlockerSettings;
import io.github.migrationguard.DdlSettings;
import io.github.migrationguard.GuardSettings;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.BlockerPolicy;

/**
 * Settings for guards that are created by hand.
 *
 * @author Migration Guard
 */
public final class Settings {

	/**
	 * The defaults for statements.
	 */
	public static final DdlSettings DDL = new DdlSettings(Duration.ofSeconds(2), Duration.ofMillis(500),
			Duration.ofMinutes(15), RepairInvalidIndexes.OWN);

	/**
	 * The defaults for sessions that are in the way.
	 */
	public static final BlockerSettings BLOCKERS = new BlockerSettings(BlockerPolicy.OBSERVE, Duration.ofSeconds(30),
			Set.of(BlockerKind.IDLE_IN_TRANSACTION), false);

	private Settings() {
	}

	/**
	 * Return settings that differ from the defaults in what is given.
	 * @param instance the name of the instance
	 * @param role its role
	 * @param schemaAhead what to do with a history that is ahead
	 * @param wait how long to wait for lock, database and shutdown
	 * @return the settings
	 */
	public static GuardSettings of(String instance, MigrationRole role, SchemaAhead schemaAhead, Duration wait) {
		return new GuardSettings(instance, role, schemaAhead, null, wait, wait, Map.of(), wait, DDL, BLOCKERS,
				Duration.ofMillis(500));
	}

}
