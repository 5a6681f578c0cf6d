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
 * Thrown if a migration tool fails. What the failed unit did in a transaction is rolled
 * back, the lock is released.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class MigrationFailedException extends MigrationException {

	private final String tool;

	private final @Nullable String unit;

	private final @Nullable String sqlState;

	private final String reason;

	MigrationFailedException(String migrator, String tool, @Nullable String unit, Throwable cause) {
		this(migrator, tool, unit, cause, "");
	}

	/**
	 * Create a new instance.
	 * @param addition what else is to be said, appended to the message
	 */
	MigrationFailedException(String migrator, String tool, @Nullable String unit, Throwable cause, String addition) {
		super(migrator, message(migrator, tool, unit, cause) + addition, cause);
		this.tool = tool;
		this.unit = unit;
		this.sqlState = SqlFailures.findSqlState(cause);
		this.reason = SqlFailures.findMessage(cause);
	}

	private static String message(String migrator, String tool, @Nullable String unit, Throwable cause) {
		String where = (unit != null) ? " in '" + unit + "'" : "";
		return "The %s migration '%s' failed%s: %s".formatted(tool, migrator, where, SqlFailures.findMessage(cause));
	}

	/**
	 * Return the name of the tool.
	 * @return the tool
	 */
	public String getTool() {
		return this.tool;
	}

	/**
	 * Return the unit that failed.
	 * @return the id of the unit, or {@code null} if none had been started
	 */
	public @Nullable String getUnit() {
		return this.unit;
	}

	/**
	 * Return the message that says most, the one of the database if there is one.
	 * @return the message
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return the SQLSTATE of the failure.
	 * @return the SQLSTATE, or {@code null} if the failure did not come from the database
	 */
	public @Nullable String getSqlState() {
		return this.sqlState;
	}

}
