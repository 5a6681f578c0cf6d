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

import io.github.migrationguard.ddl.SqlToken.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads a statement from its beginning to its end, token by token.
 *
 * @author Migration Guard
 */
final class SqlReader {

	private static final SqlToken END = new SqlToken(Kind.SYMBOL, ";");

	private final List<SqlToken> tokens;

	private int position;

	SqlReader(List<SqlToken> tokens) {
		this.tokens = tokens;
	}

	boolean hasNext() {
		return this.position < this.tokens.size();
	}

	SqlToken peek() {
		return peek(0);
	}

	private SqlToken peek(int ahead) {
		int index = this.position + ahead;
		return (index < this.tokens.size()) ? this.tokens.get(index) : END;
	}

	SqlToken next() {
		SqlToken token = peek();
		skip();
		return token;
	}

	void skip() {
		this.position++;
	}

	boolean isNext(String... words) {
		for (int i = 0; i < words.length; i++) {
			if (!peek(i).isWord(words[i])) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Read the words if they come next, or nothing.
	 */
	boolean accept(String... words) {
		boolean next = isNext(words);
		this.position += next ? words.length : 0;
		return next;
	}

	boolean accept(char symbol) {
		boolean next = peek().isSymbol(symbol);
		this.position += next ? 1 : 0;
		return next;
	}

	/**
	 * Read a name with at most a schema before it.
	 * @return the name, or {@code null} if there is none
	 */
	@Nullable SqlName name() {
		List<String> parts = new ArrayList<>();
		do {
			if (!peek().isIdentifier()) {
				return null;
			}
			parts.add(next().text());
		}
		while (accept('.'));
		return switch (parts.size()) {
			case 1 -> new SqlName(null, parts.get(0));
			case 2 -> new SqlName(parts.get(0), parts.get(1));
			default -> null;
		};
	}

	/**
	 * Read the name of a table, which may be marked as to be taken without its
	 * descendants.
	 */
	@Nullable SqlName table() {
		accept("only");
		boolean parenthesis = accept('(');
		SqlName table = name();
		if (parenthesis) {
			accept(')');
		}
		accept('*');
		return table;
	}

	/**
	 * Read what is in parentheses if that comes next, or nothing.
	 * @return what is in them
	 */
	SqlStatement group() {
		List<SqlToken> group = new ArrayList<>();
		int depth = accept('(') ? 1 : 0;
		while (depth > 0 && hasNext()) {
			SqlToken token = next();
			depth += (token.isSymbol('(') ? 1 : 0) - (token.isSymbol(')') ? 1 : 0);
			if (depth > 0) {
				group.add(token);
			}
		}
		return new SqlStatement(group);
	}

	/**
	 * Read up to a comma that is not in parentheses, and the comma.
	 */
	SqlStatement item() {
		List<SqlToken> item = new ArrayList<>();
		for (int depth = 0; hasNext() && !(depth == 0 && peek().isSymbol(',')); skip()) {
			depth += (peek().isSymbol('(') ? 1 : 0) - (peek().isSymbol(')') ? 1 : 0);
			item.add(peek());
		}
		accept(',');
		return new SqlStatement(item);
	}

}
