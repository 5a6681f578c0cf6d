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

import java.util.Objects;
import java.util.Set;

import io.github.migrationguard.ddl.FailedStatement;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a unit that is not executed in a transaction fails, and something that it
 * does is in the database already: statements before the one that failed, or what an
 * earlier attempt had done when it was cut off.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error
 * Codes</a>
 */
@SuppressWarnings("serial")
public class PartlyAppliedException extends MigrationFailedException {

	/**
	 * What is to be created exists: schema, table, column, function, any other object.
	 */
	private static final Set<String> EXISTS = Set.of("42P06", "42P07", "42701", "42723", "42710");

	/**
	 * What is to be dropped does not.
	 */
	private static final Set<String> MISSING = Set.of("3F000", "42P01", "42703", "42883", "42704");

	private final int executed;

	private final @Nullable String statement;

	private final boolean doneBefore;

	PartlyAppliedException(MigrationFailedException failed, FailedStatement statement) {
		super(failed.getMigrator(), failed.getTool(), failed.getUnit(), Objects.requireNonNull(failed.getCause()),
				". What the unit does is not rolled back: %s".formatted(describe(statement, failed)));
		this.executed = statement.executed();
		this.doneBefore = statement.executed() == 0 && isDoneBefore(failed, statement);
		this.statement = statement.masked();
	}

	private static String describe(FailedStatement statement, MigrationFailedException failed) {
		if (statement.executed() > 0) {
			return "%s of its statements were executed before and are not rolled back".formatted(statement.executed());
		}
		if (statement.mayBeCommitted()) {
			return "its first statement may have committed a part of what it does";
		}
		return isDoneBefore(failed, statement) ? "it finds what an earlier attempt has done, or somebody else"
				: "it is not known whether its first statement was executed";
	}

	/**
	 * Tell more of a failure, if there is more to be told.
	 * @param failed the failure of a unit that is not transactional
	 * @param statement the statement that failed
	 * @return the failure
	 */
	static MigrationFailedException of(MigrationFailedException failed, FailedStatement statement) {
		boolean partlyApplied = statement.executed() > 0 || statement.mayBeCommitted()
				|| isDoneBefore(failed, statement) || SqlFailures.isConnectionLost(failed);
		return partlyApplied ? new PartlyAppliedException(failed, statement) : failed;
	}

	private static boolean isDoneBefore(MigrationFailedException failed, FailedStatement statement) {
		String sqlState = String.valueOf(failed.getSqlState());
		return EXISTS.contains(sqlState) || (MISSING.contains(sqlState) && statement.isDrop());
	}

	/**
	 * Return how many statements of the unit were executed before the one that failed.
	 * @return the number of statements, 0 if the first one failed
	 */
	public int getExecuted() {
		return this.executed;
	}

	/**
	 * Return the statement that failed.
	 * @return the statement without its literals, or {@code null} if it is empty
	 */
	public @Nullable String getStatement() {
		return this.statement;
	}

	/**
	 * Return whether the first statement failed on something that it would have done
	 * itself.
	 * @return whether an earlier attempt was cut off, or somebody else was faster
	 */
	public boolean isDoneBefore() {
		return this.doneBefore;
	}

	@Override
	public String getDescription() {
		StringBuilder description = new StringBuilder();
		description.append("The %s migration '%s' failed in the unit '%s' with SQLSTATE %s:%n%n    %s%n%n"
			.formatted(getTool(), getMigrator(), getUnit(), getSqlState(), getReason()));
		description.append("What the unit does is not rolled back. ");
		if (this.statement != null) {
			description.append("It failed with:%n%n    %s%n%n".formatted(this.statement));
		}
		return description.append(before()).toString();
	}

	private String before() {
		if (this.executed > 0) {
			return "%s statements before it were executed and are not rolled back. No lock is left."
				.formatted(this.executed);
		}
		return this.doneBefore
				? "No other statement was executed before, so what it met is left of an earlier attempt that was cut off, or was made by somebody else. No lock is left."
				: "It is not known whether the server has executed it. No lock is left.";
	}

	@Override
	public String getAction() {
		String completion = "liquibase".equals(getTool())
				? "do the rest by hand and let 'liquibase mark-next-changeset-ran' record it"
				: "make its statements repeatable ('if not exists')";
		return (isCancelled() ? "Ask who has cancelled it, and why. " : "") + """
				Compare the unit with what is in the database. Then remove what is there of it, or %s. Start the \
				application again: the unit is executed from its beginning. To have this never again, give each \
				statement that needs no transaction a unit of its own, which can be repeated.""".formatted(completion);
	}

}
