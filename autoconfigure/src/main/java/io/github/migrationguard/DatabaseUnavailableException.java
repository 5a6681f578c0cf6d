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

	@Override
	public String getDescription() {
		return "The migration '%s' could not connect to its database%s%s:%n%n    %s".formatted(getMigrator(),
				(this.waited != null) ? " within " + this.waited : "",
				(this.sqlState != null) ? " (SQLSTATE %s)".formatted(this.sqlState) : "", this.reason);
	}

	@Override
	public String getAction() {
		if (this.waited != null) {
			return "Make the database reachable, or give it more time with 'migration-guard.database.wait-timeout'.";
		}
		return switch ((this.sqlState != null) ? this.sqlState : "") {
			case "28P01", "28000" ->
				"Correct the user name or the password ('spring.datasource.username', 'spring.datasource.password', or"
						+ " those of 'spring.liquibase' or 'spring.flyway').";
			case "3D000" -> "Create the database, or correct 'spring.datasource.url', 'spring.liquibase.url' or"
					+ " 'spring.flyway.url'.";
			case "42501" -> "Grant the user the right to connect: grant connect on database ... to ...";
			default -> "Correct the connection ('spring.datasource.*', 'spring.liquibase.*' or 'spring.flyway.*').";
		};
	}

}
