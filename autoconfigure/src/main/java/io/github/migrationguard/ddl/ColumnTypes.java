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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells which types of a column may be exchanged without writing the table anew.
 *
 * @author Migration Guard
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertable.html">ALTER
 * TABLE</a>
 */
final class ColumnTypes {

	private static final Pattern TEXT = Pattern
		.compile("text|(?:character varying|varchar)(?: ?\\( ?(\\d{1,9}) ?\\))?");

	private static final Pattern NUMERIC = Pattern
		.compile("(?:numeric|decimal)(?: ?\\( ?(\\d{1,9}) ?(?:, ?(\\d{1,9}) ?)?\\))?");

	/**
	 * A type that is longer is none of those above.
	 */
	private static final int MAX_TOKENS = 20;

	private ColumnTypes() {
	}

	/**
	 * Read the new type of a column, with what may come after it.
	 */
	static String read(SqlReader reader) {
		StringBuilder type = new StringBuilder(reader.next().text());
		for (int i = 1; i < MAX_TOKENS && reader.hasNext(); i++) {
			type.append(' ').append(reader.next().text());
		}
		return type.toString();
	}

	/**
	 * Return whether the values of the one type are values of the other one as they are.
	 */
	static boolean isCompatible(String from, String to) {
		return from.equals(to) || isWiderText(TEXT.matcher(from), TEXT.matcher(to))
				|| isWiderNumeric(NUMERIC.matcher(from), NUMERIC.matcher(to));
	}

	private static boolean isWiderText(Matcher from, Matcher to) {
		return from.matches() && to.matches() && size(to) >= size(from);
	}

	private static boolean isWiderNumeric(Matcher from, Matcher to) {
		if (!from.matches() || !to.matches()) {
			return false;
		}
		return to.group(1) == null || (size(to) >= size(from) && scale(to) == scale(from));
	}

	private static int size(Matcher type) {
		return (type.group(1) != null) ? Integer.parseInt(type.group(1)) : Integer.MAX_VALUE;
	}

	private static int scale(Matcher numeric) {
		return (numeric.group(2) != null) ? Integer.parseInt(numeric.group(2)) : 0;
	}

}
