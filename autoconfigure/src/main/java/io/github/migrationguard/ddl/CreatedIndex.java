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
 * An index that a statement creates.
 *
 * @param name the name of the index, which is in the schema of the table, or {@code null}
 * if the server chooses it
 * @param table the table
 * @param concurrently whether it is built {@code CONCURRENTLY}
 * @param ifNotExists whether it is not created if there is one of that name, be it valid
 * or not
 * @author Migration Guard
 */
record CreatedIndex(@Nullable String name, SqlName table, boolean concurrently, boolean ifNotExists) {

	/**
	 * Read a statement.
	 * @return the index, or {@code null} if it creates none
	 */
	static @Nullable CreatedIndex of(SqlStatement statement) {
		SqlReader reader = statement.read();
		if (!reader.accept("create")) {
			return null;
		}
		reader.accept("unique");
		if (!reader.accept("index")) {
			return null;
		}
		boolean concurrently = reader.accept("concurrently");
		boolean ifNotExists = reader.accept("if", "not", "exists");
		SqlName name = reader.isNext("on") ? null : reader.name();
		SqlName table = reader.accept("on") ? reader.table() : null;
		return (table != null) ? new CreatedIndex((name != null) ? name.name() : null, table, concurrently, ifNotExists)
				: null;
	}

}
