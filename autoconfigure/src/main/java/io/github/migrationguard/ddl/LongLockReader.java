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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.migrationguard.ddl.SqlToken.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Finds the locks that a statement takes for as long as a table is large.
 *
 * @author Migration Guard
 */
final class LongLockReader {

	private static final Set<String> SERIAL_TYPES = Set.of("smallserial", "serial", "bigserial", "serial2", "serial4",
			"serial8");

	/**
	 * What an identity column and one of a serial type have in common.
	 */
	private static final String NEXT_VALUE = "nextval";

	private static final Set<String> TABLE_CONSTRAINTS = Set.of("constraint", "unique", "primary", "foreign", "check",
			"exclude", "not");

	private LongLockReader() {
	}

	static List<LongLock> read(SqlStatement statement) {
		SqlReader reader = statement.read();
		if (reader.accept("alter", "table")) {
			reader.accept("if", "exists");
			SqlName table = reader.table();
			return (table != null) ? readActions(table, reader) : List.of();
		}
		LongLock lock = readWhole(statement, reader);
		return (lock != null) ? List.of(lock) : List.of();
	}

	private static @Nullable LongLock readWhole(SqlStatement statement, SqlReader reader) {
		CreatedIndex index = CreatedIndex.of(statement);
		if (index != null) {
			return index.concurrently() ? null : new LongLock(DdlRule.CREATE_INDEX, index.table());
		}
		if (reader.accept("refresh", "materialized", "view")) {
			return (reader.isNext("concurrently") || statement.contains("with", "no", "data")) ? null
					: lock(DdlRule.REFRESH, reader.name());
		}
		if (reader.accept("reindex")) {
			reader.group();
			return (reader.accept("table") && !DdlStatement.isConcurrent(statement))
					? lock(DdlRule.REINDEX, reader.name()) : null;
		}
		return isRewrite(reader) ? lock(DdlRule.REWRITE, reader.name()) : null;
	}

	private static @Nullable LongLock lock(DdlRule rule, @Nullable SqlName table) {
		return (table != null) ? new LongLock(rule, table) : null;
	}

	/**
	 * Read {@code CLUSTER} or {@code VACUUM FULL} up to the name of the table.
	 */
	private static boolean isRewrite(SqlReader reader) {
		boolean cluster = reader.accept("cluster");
		boolean vacuum = !cluster && reader.accept("vacuum");
		boolean full = reader.group().contains("full");
		full |= reader.accept("full");
		reader.accept("freeze");
		reader.accept("verbose");
		reader.accept("analyze");
		return cluster || (vacuum && full);
	}

	private static List<LongLock> readActions(SqlName table, SqlReader reader) {
		List<LongLock> locks = new ArrayList<>();
		while (reader.hasNext()) {
			locks.add(readAction(table, reader.item()));
		}
		return locks.stream().filter(Objects::nonNull).toList();
	}

	private static @Nullable LongLock readAction(SqlName table, SqlStatement action) {
		SqlReader reader = action.read();
		if (reader.accept("add")) {
			boolean constraint = reader.peek().kind() == Kind.WORD && TABLE_CONSTRAINTS.contains(reader.peek().text());
			return constraint ? readConstraint(table, action, reader) : readNewColumn(table, action, reader);
		}
		return reader.accept("alter") ? readColumn(table, reader) : null;
	}

	private static @Nullable LongLock readConstraint(SqlName table, SqlStatement action, SqlReader reader) {
		if (reader.accept("constraint")) {
			reader.name();
		}
		if (reader.accept("unique") || reader.accept("primary", "key")) {
			return reader.accept("using", "index") ? null : new LongLock(DdlRule.UNIQUE, table);
		}
		if (action.contains("not", "valid")) {
			return null;
		}
		if (reader.accept("not", "null")) {
			return column(DdlRule.SET_NOT_NULL, table, reader.name());
		}
		if (reader.accept("foreign", "key")) {
			return new LongLock(DdlRule.FOREIGN_KEY, table);
		}
		return reader.accept("check") ? new LongLock(DdlRule.CHECK, table) : null;
	}

	private static @Nullable LongLock readNewColumn(SqlName table, SqlStatement action, SqlReader reader) {
		reader.accept("column");
		reader.accept("if", "not", "exists");
		SqlName column = reader.name();
		if (column == null) {
			return null;
		}
		if (action.contains("stored")) {
			return column(DdlRule.ADD_STORED_COLUMN, table, column);
		}
		List<String> functions = new ArrayList<>();
		if (SERIAL_TYPES.contains(reader.peek().text()) || action.contains("as", "identity")) {
			functions.add(NEXT_VALUE);
		}
		functions.addAll(functionsOfDefault(reader));
		return functions.isEmpty() ? null
				: new LongLock(DdlRule.ADD_COLUMN, table, column.name(), "", List.copyOf(functions));
	}

	private static List<String> functionsOfDefault(SqlReader reader) {
		while (reader.hasNext() && !reader.accept("default")) {
			reader.skip();
		}
		List<String> functions = new ArrayList<>();
		while (reader.hasNext()) {
			SqlToken token = reader.next();
			if (token.isIdentifier() && reader.peek().isSymbol('(')) {
				functions.add(token.text());
			}
		}
		return functions;
	}

	private static @Nullable LongLock readColumn(SqlName table, SqlReader reader) {
		reader.accept("column");
		SqlName column = reader.name();
		if (reader.accept("set", "not", "null")) {
			return column(DdlRule.SET_NOT_NULL, table, column);
		}
		boolean type = reader.accept("set", "data", "type") || reader.accept("type");
		return (type && column != null && reader.hasNext())
				? new LongLock(DdlRule.COLUMN_TYPE, table, column.name(), ColumnTypes.read(reader), List.of()) : null;
	}

	private static @Nullable LongLock column(DdlRule rule, SqlName table, @Nullable SqlName column) {
		return (column != null) ? new LongLock(rule, table, column.name(), "", List.of()) : null;
	}

}
