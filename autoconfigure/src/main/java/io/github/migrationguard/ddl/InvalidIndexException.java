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

package io.github.migrationguard.ddl;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown instead of executing a statement that creates an index, if an invalid one of
 * that name is there and is not to be repaired. The server would complain that it exists,
 * or with {@code IF NOT EXISTS} take it for the index that is wanted.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class InvalidIndexException extends SQLException {

	private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

	private final String index;

	private final String table;

	private final String reason;

	private final @Nullable String remedy;

	InvalidIndexException(String index, String table, String reason, @Nullable String remedy) {
		super(message(index, table, reason, remedy), OBJECT_NOT_IN_PREREQUISITE_STATE);
		this.index = index;
		this.table = table;
		this.reason = reason;
		this.remedy = remedy;
	}

	private static String message(String index, String table, String reason, @Nullable String remedy) {
		String message = "The index %s on %s is invalid and not used by any query. It is not repaired, because %s"
			.formatted(index, table, reason);
		return (remedy != null) ? message + ". Remove it with: " + remedy : message;
	}

	/**
	 * Return the index.
	 * @return its quoted, schema-qualified name
	 */
	public String getIndex() {
		return this.index;
	}

	/**
	 * Return the table of the index.
	 * @return its quoted, schema-qualified name
	 */
	public String getTable() {
		return this.table;
	}

	/**
	 * Return why the index is not repaired.
	 * @return the reason, as part of a sentence
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return the statement that removes the index.
	 * @return the statement, or {@code null} while another session is building the index
	 */
	public @Nullable String getRemedy() {
		return this.remedy;
	}

}
