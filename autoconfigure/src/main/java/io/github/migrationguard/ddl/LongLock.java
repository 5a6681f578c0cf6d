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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A lock that a statement takes on a table, for as long as the table is large.
 *
 * @param rule why
 * @param table the table
 * @param column the column that it is about, or {@code null} if there is none
 * @param type the new type of the column, or an empty string
 * @param functions the functions that compute the values of the column
 * @author Migration Guard
 */
record LongLock(DdlRule rule, SqlName table, @Nullable String column, String type, List<String> functions) {

	LongLock(DdlRule rule, SqlName table) {
		this(rule, table, null, "", List.of());
	}

}
