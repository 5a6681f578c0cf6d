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

/**
 * Finds statements that take no stronger lock than {@code SHARE UPDATE EXCLUSIVE}: while
 * they wait nobody who reads or writes rows waits behind them.
 *
 * @author Migration Guard
 * @see <a href=
 * "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES">Table-Level
 * Locks</a>
 */
final class MildLockReader {

	private MildLockReader() {
	}

	static boolean isMild(SqlStatement statement) {
		SqlReader reader = statement.read();
		if (reader.accept("vacuum")) {
			return !reader.group().contains("full") && !reader.isNext("full");
		}
		if (reader.accept("alter", "table")) {
			return isMildChange(reader);
		}
		return reader.isNext("analyze") || reader.isNext("analyse") || reader.isNext("comment", "on")
				|| reader.isNext("create", "statistics");
	}

	private static boolean isMildChange(SqlReader reader) {
		reader.accept("if", "exists");
		if (reader.table() == null || !reader.hasNext()) {
			return false;
		}
		while (reader.hasNext()) {
			if (!isMildAction(reader.item().read())) {
				return false;
			}
		}
		return true;
	}

	private static boolean isMildAction(SqlReader action) {
		if (action.accept("alter")) {
			action.accept("column");
			action.name();
			return action.isNext("set", "statistics") || isList(action);
		}
		return action.isNext("validate", "constraint") || isList(action);
	}

	private static boolean isList(SqlReader action) {
		return (action.accept("set") || action.accept("reset")) && action.peek().isSymbol('(');
	}

}
