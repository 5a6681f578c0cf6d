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
import java.util.Set;

import io.github.migrationguard.ddl.SqlToken.Kind;

/**
 * Reads which settings a statement changes.
 *
 * @author Migration Guard
 */
final class SettingReader {

	private static final String LOCK_TIMEOUT = "lock_timeout";

	private static final Set<String> OFF = Set.of("false", "off", "no", "f", "n", "0");

	/**
	 * Settings on which the record of a unit does not depend. The lock timeout is set for
	 * it anyway.
	 */
	private static final Set<String> WITHOUT_EFFECT_ON_RECORD = Set.of(LOCK_TIMEOUT, "work_mem", "maintenance_work_mem",
			"max_parallel_maintenance_workers", "max_parallel_workers_per_gather", "client_min_messages",
			"synchronous_commit");

	private static final Set<String> OF_TRANSACTION = Set.of("transaction_isolation", "transaction_read_only",
			"transaction_deferrable");

	/**
	 * Words that come before a parenthesis and call no function, and functions that set
	 * nothing.
	 */
	private static final Set<String> NO_SETTING_FUNCTIONS = Set.of("in", "exists", "any", "all", "some", "values",
			"and", "or", "not", "on", "select", "from", "where", "using", "over", "filter", "as", "by", "then", "else",
			"when", "join", "union", "row", "returning", "materialized", "distinct", "limit", "cast", "extract",
			"count", "max", "min", "sum", "coalesce", "now", "lower", "upper", "version", "current_setting",
			"current_schema", "current_schemas", "current_database", "setval", "nextval", "currval", "to_regclass",
			"has_schema_privilege", "has_table_privilege", "generate_series", "set_config");

	private SettingReader() {
	}

	/**
	 * Return whether a statement sets or resets {@code lock_timeout}.
	 */
	static boolean setsLockTimeout(SqlStatement statement) {
		return changes(statement).stream().anyMatch((change) -> change.setting().equalsIgnoreCase(LOCK_TIMEOUT));
	}

	/**
	 * Return whether a statement may set {@code lock_timeout}, in code that is not seen
	 * here.
	 */
	static boolean maySetLockTimeout(SqlStatement statement) {
		return setsLockTimeout(statement) || statement.startsWith("do") || statement.startsWith("call")
				|| statement.startsWith("execute") || statement.startsWith("discard")
				|| statement.startsWith("reset", "all") || callsFunction(statement);
	}

	private static boolean callsFunction(SqlStatement statement) {
		if (!statement.startsWith("select") && !statement.startsWith("with") && !statement.startsWith("values")) {
			return false;
		}
		List<SqlToken> tokens = statement.tokens();
		for (int i = 1; i < tokens.size(); i++) {
			SqlToken name = tokens.get(i - 1);
			if (tokens.get(i).isSymbol('(') && name.isIdentifier() && !name.text().startsWith("pg_")
					&& !NO_SETTING_FUNCTIONS.contains(name.text())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether a statement changes a setting until the end of the transaction on
	 * which the record of the unit may depend.
	 */
	static boolean setsLocally(SqlStatement statement) {
		return changes(statement).stream()
			.anyMatch((change) -> change.local() && !WITHOUT_EFFECT_ON_RECORD.contains(change.setting()));
	}

	/**
	 * Return whether settings of the session or the transaction may be other ones after a
	 * statement, because it resets them or ends the transaction or a savepoint.
	 */
	static boolean mayResetSettings(SqlStatement statement) {
		DoBlock block = DoBlock.of(statement);
		if (block != null) {
			return block.body().contains("reset") || block.body().contains("commit")
					|| block.body().contains("rollback");
		}
		return statement.startsWith("reset", "all") || statement.startsWith("discard", "all")
				|| statement.startsWith("prepare", "transaction") || statement.startsWith("call")
				|| CommitReader.endsTransaction(statement)
				|| (statement.startsWith("reset") && setsLockTimeout(statement));
	}

	private static List<Change> changes(SqlStatement statement) {
		List<Change> changes = new ArrayList<>();
		boolean block = DoBlock.of(statement) != null;
		SqlReader reader = DoBlock.codeOf(statement).read();
		for (boolean first = true; reader.hasNext(); first = false) {
			if (first || block) {
				readSet(reader, changes);
			}
			if (reader.accept("set_config")) {
				readSetConfig(reader.group().read(), changes);
			}
			else {
				reader.skip();
			}
		}
		return changes;
	}

	private static void readSet(SqlReader reader, List<Change> changes) {
		if (reader.isNext("set", "transaction")) {
			changes.add(new Change("transaction", true));
		}
		else if (reader.isNext("set") || reader.isNext("reset")) {
			reader.skip();
			boolean local = reader.accept("local");
			boolean session = !local && reader.accept("session");
			if (session && reader.isNext("authorization")) {
				return;
			}
			String setting = reader.peek().isIdentifier() ? reader.peek().text() : "";
			changes.add(new Change(setting, local || OF_TRANSACTION.contains(setting)));
		}
	}

	private static void readSetConfig(SqlReader arguments, List<Change> changes) {
		List<SqlToken> setting = arguments.item().tokens();
		arguments.item();
		List<SqlToken> local = arguments.item().tokens();
		boolean off = local.size() == 1 && OFF.contains(local.get(0).text());
		String name = (setting.size() == 1 && setting.get(0).kind() == Kind.LITERAL) ? setting.get(0).text() : "";
		changes.add(new Change(name, !off || OF_TRANSACTION.contains(name)));
	}

	/**
	 * A change of a setting.
	 *
	 * @param setting the name of the setting, empty if it is not known
	 * @param local whether it ends with the transaction
	 */
	private record Change(String setting, boolean local) {

	}

}
