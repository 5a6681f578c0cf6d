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

package io.github.migrationguard.liquibase;

import liquibase.database.Database;
import liquibase.structure.core.Schema;
import liquibase.structure.core.Table;
import org.jspecify.annotations.Nullable;

/**
 * A table of Liquibase with the schema and the case that the database has.
 *
 * @param schema the schema, or {@code null} if there is none
 * @param table the table
 * @author Migration Guard
 */
record LiquibaseTable(@Nullable String schema, String table) {

	static LiquibaseTable history(Database database) {
		return of(database, database.getDatabaseChangeLogTableName());
	}

	static LiquibaseTable lock(Database database) {
		return of(database, database.getDatabaseChangeLogLockTableName());
	}

	private static LiquibaseTable of(Database database, String table) {
		String schema = database.getLiquibaseSchemaName();
		return new LiquibaseTable((schema != null) ? database.correctObjectName(schema, Schema.class) : null,
				database.correctObjectName(table, Table.class));
	}

	String readable() {
		return (this.schema != null) ? this.schema + "." + this.table : this.table;
	}

	String quoted() {
		return (this.schema != null) ? quote(this.schema) + "." + quote(this.table) : quote(this.table);
	}

	private static String quote(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

}
