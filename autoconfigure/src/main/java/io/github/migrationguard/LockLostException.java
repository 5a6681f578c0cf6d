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

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the session of the run turned out not to hold the lock any more.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class LockLostException extends MigrationException {

	private final @Nullable String lastUnit;

	LockLostException(String migrator, @Nullable String lastUnit) {
		super(migrator, "The session of the migration '%s' lost its advisory lock%s".formatted(migrator,
				(lastUnit != null) ? " while or after '" + lastUnit + "' ran" : ""), null);
		this.lastUnit = lastUnit;
	}

	@Override
	public String getDescription() {
		return """
				%s, for the second time. A migration drops it with DISCARD ALL or pg_advisory_unlock_all(); a connection \
				pooler in transaction mode gives the session to somebody else."""
			.formatted(getMessage());
	}

	@Override
	public String getAction() {
		return (this.lastUnit != null) ? """
				Remove such statements from '%s', or connect the migration to the server directly, or to a pooler in \
				session mode, with 'spring.liquibase.url' or 'spring.flyway.url'.""".formatted(this.lastUnit)
				: "Connect the migration to the server directly, or to a pooler in session mode, with 'spring.liquibase.url' or 'spring.flyway.url'.";
	}

}
