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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the database could not be connected to, at once for a reason that does not go
 * away by itself (wrong password, unknown database), else after
 * {@code migration-guard.database.wait-timeout}.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class DatabaseUnavailableException extends MigrationException {

	private final @Nullable String sqlState;

	private final @Nullable Duration waited;

	private final String reason;

	DatabaseUnavailableException(String migrator, @Nullable Duration waited, Throwable cause) {
		super(migrator, "The migration '%s' could not connect to its database%s: %s".formatted(migrator,
				(waited != null) ? " within " + waited : "", SqlFailures.findMessage(cause)), cause);
		this.sqlState = SqlFailures.findSqlState(cause);
		this.waited = waited;
		this.reason = SqlFailures.findMessage(cause);
	}

	/**
	 * Return the SQLSTATE of the last failure.
	 * @return the SQLSTATE, or {@code null} if there is none
	 */
	public @Nullable String getSqlState() {
		return this.sqlState;
	}

	/**
	 * Return the message of the last failure.
	 * @return the message
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return how long the connection was tried.
	 * @return the configured timeout, or {@code null} if the first failure was final
	 */
	public @Nullable Duration getWaited() {
		return this.waited;
	}

}
