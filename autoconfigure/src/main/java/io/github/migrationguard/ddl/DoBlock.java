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

import io.github.migrationguard.ddl.SqlToken.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A {@code DO} block.
 *
 * @param body what is between its quotes
 * @param readable whether it is written in a language that can be read
 * @author Migration Guard
 */
record DoBlock(SqlStatement body, boolean readable) {

	/**
	 * Read a {@code DO} block.
	 * @return the block, or {@code null} if the statement is none
	 */
	static @Nullable DoBlock of(SqlStatement statement) {
		if (!statement.startsWith("do")) {
			return null;
		}
		return statement.tokens()
			.stream()
			.filter((token) -> token.kind() == Kind.LITERAL)
			.filter((token) -> !token.text().equalsIgnoreCase("plpgsql"))
			.findFirst()
			.map((token) -> new DoBlock(new SqlStatement(SqlTokenizer.tokens(token.text())), isReadable(statement)))
			.orElse(null);
	}

	private static boolean isReadable(SqlStatement statement) {
		for (SqlReader reader = statement.read(); reader.hasNext(); reader.skip()) {
			if (reader.accept("language")) {
				return reader.peek().text().equalsIgnoreCase("plpgsql");
			}
		}
		return true;
	}

	/**
	 * Return what a statement executes itself: the body of a block, or itself.
	 */
	static SqlStatement codeOf(SqlStatement statement) {
		DoBlock block = of(statement);
		return (block != null) ? block.body() : statement;
	}

}
