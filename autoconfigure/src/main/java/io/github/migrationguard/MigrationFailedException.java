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

	private static final String QUERY_CANCELED = "57014";

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

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

	@Override
	public String getDescription() {
		return "The %s migration '%s' failed%s%s:%n%n    %s%n%n%s".formatted(this.tool, getMigrator(),
				(this.unit != null) ? " in the unit '%s'".formatted(this.unit) : "",
				(this.sqlState != null) ? " with SQLSTATE %s".formatted(this.sqlState) : "", this.reason, whatIsLeft());
	}

	private String whatIsLeft() {
		if (SqlFailures.isConnectionLost(this)) {
			return "The connection was lost. The server rolls back what was not recorded and frees the lock with the"
					+ " session" + ("liquibase".equals(this.tool)
							? "; the next guarded instance takes the change log lock over." : ".");
		}
		if (isCancelled()) {
			return "Somebody has cancelled the statement (pg_cancel_backend), or a statement_timeout that the unit has"
					+ " set. It is not tried again by this instance. What it did in a transaction was rolled back, what"
					+ " came before it is recorded, and no lock is left.";
		}
		return (this.unit != null)
				? "What the unit did in a transaction was rolled back, what came before it is recorded, and no lock is left."
				: "What was recorded before stays recorded, and no lock is left.";
	}

	@Override
	public String getAction() {
		if (SqlFailures.isConnectionLost(this)) {
			return "Find out why the server ended the session, and start the application again.";
		}
		if (isCancelled()) {
			return "Ask who has cancelled it, and why, before you start the application again. Other instances of this version that are starting do try it.";
		}
		if (this.unit != null) {
			return "Correct the unit, or what it meets in the database, and start the application again: it goes on with this unit. Every other instance of this version will fail in the same way.";
		}
		return INSUFFICIENT_PRIVILEGE.equals(this.sqlState) ? """
				Grant the user of the migration what it lacks, and start the application again. With \
				migration-guard.role=wait it needs 'usage' on the schema of the history table and 'select' on that \
				table.""" : "Correct the cause and start the application again.";
	}

	/**
	 * Return whether somebody has cancelled the statement. It was not one of our own
	 * cancels.
	 */
	final boolean isCancelled() {
		return QUERY_CANCELED.equals(this.sqlState);
	}

}
