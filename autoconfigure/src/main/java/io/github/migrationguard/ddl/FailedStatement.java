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

import io.github.migrationguard.lock.SqlMask;
import org.jspecify.annotations.Nullable;

/**
 * The statement with which a unit failed that is not rolled back.
 *
 * @param sql its text
 * @param executed how many statements of the unit were executed before
 * @param mayBeCommitted whether it may have committed a part of itself
 * @author Migration Guard
 * @since 0.1.0
 */
public record FailedStatement(String sql, int executed, boolean mayBeCommitted) {

	/**
	 * Return the statement in a form that can be shown.
	 * @return the first part of it without literals and comments, or {@code null} if it
	 * is empty
	 */
	public @Nullable String masked() {
		return SqlMask.maskLiterals(this.sql);
	}

	/**
	 * Return whether it only drops something.
	 * @return whether it fails if it is executed a second time
	 */
	public boolean isDrop() {
		return this.sql.strip().regionMatches(true, 0, "drop ", 0, 5);
	}

}
