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

import org.jspecify.annotations.Nullable;

/**
 * What the catalog knows about a table that is to be locked, and about the column that
 * the statement names.
 *
 * @param name the quoted, schema-qualified name of the table
 * @param rows about how many rows it has
 * @param partitioned whether it is partitioned
 * @param columnType the type of the column, or {@code null} if there is no such column
 * @param columnIsNeverNull whether it is known that the column is not null
 * @param volatileFunction whether one of the functions that the statement calls has
 * another value for each row
 * @author Migration Guard
 */
record TableFacts(String name, long rows, boolean partitioned, @Nullable String columnType, boolean columnIsNeverNull,
		boolean volatileFunction) {

}
