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

package io.github.migrationguard.flyway;

import java.util.List;

import io.github.migrationguard.Migrator;
import org.flywaydb.core.Flyway;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;

/**
 * Makes migrators for tests that need no context.
 *
 * @author Migration Guard
 */
public final class FlywayMigrators {

	private FlywayMigrators() {
	}

	/**
	 * Return a migrator named {@code flyway}.
	 * @param flyway what it runs
	 * @return the migrator
	 */
	public static Migrator of(Flyway flyway) {
		return new FlywayMigrator("flyway", new FlywayAccess(new FlywayMigrationInitializer(flyway)), List::of);
	}

}
