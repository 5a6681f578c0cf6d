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
 * Splits an SQL text into its statements and their tokens as PostgreSQL does, in linear
 * time. What is not closed ends with the text.
 *
 * @author Migration Guard
 * @see <a href= "https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Lexical
 * Structure</a>
 */
final class SqlTokenizer {

	/**
	 * A longer statement is full of data: what it does is told by its beginning.
	 */
	private static final int MAX_TOKENS = 10_000;

	private final String sql;

	private int position;

	private SqlTokenizer(String sql) {
		this.sql = sql;
	}

	static List<SqlStatement> statements(String sql) {
		SqlTokenizer tokenizer = new SqlTokenizer(sql);
		List<SqlStatement> statements = new ArrayList<>();
		List<SqlToken> tokens = new ArrayList<>();
		Nesting nesting = new Nesting();
		for (SqlToken token = tokenizer.next(); token != null; token = tokenizer.next()) {
			nesting.enter(token);
			if (token.isSymbol(';') && nesting.isOutermost()) {
				add(statements, tokens);
				tokens = new ArrayList<>();
				nesting = new Nesting();
			}
			else if (tokens.size() < MAX_TOKENS) {
				tokens.add(token);
			}
		}
		add(statements, tokens);
		return statements;
	}

	/**
	 * Return the tokens of a text as if it were one statement.
	 */
	static List<SqlToken> tokens(String sql) {
		SqlTokenizer tokenizer = new SqlTokenizer(sql);
		List<SqlToken> tokens = new ArrayList<>();
		for (SqlToken token = tokenizer.next(); token != null; token = tokenizer.next()) {
			tokens.add(token);
		}
		return tokens;
	}

	private static void add(List<SqlStatement> statements, List<SqlToken> tokens) {
		if (!tokens.isEmpty()) {
			statements.add(new SqlStatement(tokens));
		}
	}

	private @Nullable SqlToken next() {
		skipSpaceAndComments();
		if (this.position >= this.sql.length()) {
			return null;
		}
		char first = at(0);
		return switch (first) {
			case '\'' -> literal(0, false);
			case '"' -> quotedIdentifier();
			case '$' -> dollar();
			default -> {
				if (isIdentifierStart(first)) {
					yield word();
				}
				yield isDigit(first) ? number() : symbol();
			}
		};
	}

	private void skipSpaceAndComments() {
		while (this.position < this.sql.length()) {
			if (Character.isWhitespace(at(0))) {
				this.position++;
			}
			else if (at(0) == '-' && at(1) == '-') {
				skipLine();
			}
			else if (at(0) == '/' && at(1) == '*') {
				skipBlockComment();
			}
			else {
				return;
			}
		}
	}

	private void skipLine() {
		while (this.position < this.sql.length() && at(0) != '\n' && at(0) != '\r') {
			this.position++;
		}
	}

	/**
	 * Block comments nest.
	 */
	private void skipBlockComment() {
		int depth = 0;
		do {
			boolean open = at(0) == '/' && at(1) == '*';
			boolean close = at(0) == '*' && at(1) == '/';
			depth += (open ? 1 : 0) - (close ? 1 : 0);
			this.position += (open || close) ? 2 : 1;
		}
		while (depth > 0 && this.position < this.sql.length());
	}

	private SqlToken literal(int prefix, boolean backslashes) {
		this.position += prefix + 1;
		return new SqlToken(Kind.LITERAL, quoted('\'', backslashes));
	}

	private SqlToken quotedIdentifier() {
		this.position++;
		return new SqlToken(Kind.QUOTED, quoted('"', false));
	}

	/**
	 * Read up to the closing quote. A doubled one stands for itself.
	 */
	private String quoted(char quote, boolean backslashes) {
		StringBuilder text = new StringBuilder();
		while (this.position < this.sql.length()) {
			char character = at(0);
			this.position++;
			if (character == quote) {
				if (at(0) != quote) {
					break;
				}
				this.position++;
			}
			else if (backslashes && character == '\\' && this.position < this.sql.length()) {
				character = at(0);
				this.position++;
			}
			text.append(character);
		}
		return text.toString();
	}

	private SqlToken dollar() {
		int end = this.position + 1;
		while (isIdentifierPart(at(end - this.position)) && at(end - this.position) != '$') {
			end++;
		}
		boolean parameter = isDigit(at(1));
		if (parameter || at(end - this.position) != '$') {
			return parameter ? value(end) : symbol();
		}
		String tag = this.sql.substring(this.position, end + 1);
		int close = this.sql.indexOf(tag, end + 1);
		String text = this.sql.substring(end + 1, (close != -1) ? close : this.sql.length());
		this.position = (close != -1) ? close + tag.length() : this.sql.length();
		return new SqlToken(Kind.LITERAL, text);
	}

	private SqlToken word() {
		SqlToken literal = prefixedLiteral();
		if (literal != null) {
			return literal;
		}
		int start = this.position;
		while (isIdentifierPart(at(0))) {
			this.position++;
		}
		return new SqlToken(Kind.WORD, fold(this.sql.substring(start, this.position)));
	}

	private @Nullable SqlToken prefixedLiteral() {
		char prefix = Character.toLowerCase(at(0));
		if (at(1) == '\'' && (prefix == 'e' || prefix == 'b' || prefix == 'x' || prefix == 'n')) {
			return literal(1, prefix == 'e');
		}
		return (prefix == 'u' && at(1) == '&' && at(2) == '\'') ? literal(2, false) : null;
	}

	/**
	 * The server folds the letters of ASCII only.
	 */
	private static String fold(String word) {
		StringBuilder folded = new StringBuilder(word);
		for (int i = 0; i < folded.length(); i++) {
			char character = folded.charAt(i);
			if (character >= 'A' && character <= 'Z') {
				folded.setCharAt(i, (char) (character + ('a' - 'A')));
			}
		}
		return folded.toString();
	}

	private SqlToken number() {
		int end = this.position;
		while (isIdentifierPart(at(end - this.position)) || at(end - this.position) == '.') {
			end++;
		}
		return value(end);
	}

	private SqlToken value(int end) {
		String text = this.sql.substring(this.position, end);
		this.position = end;
		return new SqlToken(Kind.VALUE, text);
	}

	private SqlToken symbol() {
		this.position++;
		return new SqlToken(Kind.SYMBOL, this.sql.substring(this.position - 1, this.position));
	}

	/**
	 * Return the character that many places ahead, or 0 after the end.
	 */
	private char at(int ahead) {
		int index = this.position + ahead;
		return (index < this.sql.length()) ? this.sql.charAt(index) : 0;
	}

	private static boolean isDigit(char character) {
		return character >= '0' && character <= '9';
	}

	private static boolean isIdentifierStart(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_'
				|| character >= 0x80;
	}

	private static boolean isIdentifierPart(char character) {
		return isIdentifierStart(character) || isDigit(character) || character == '$';
	}

	/**
	 * Where in a statement a token is: a semicolon within parentheses, or within the body
	 * of a function that is written in standard SQL, does not end the statement.
	 */
	private static final class Nesting {

		private int parentheses;

		private int blocks;

		private boolean function;

		private boolean create;

		private boolean begin;

		void enter(SqlToken token) {
			if (token.isSymbol('(')) {
				this.parentheses++;
			}
			else if (token.isSymbol(')')) {
				this.parentheses = Math.max(0, this.parentheses - 1);
			}
			else if (token.kind() == Kind.WORD) {
				enter(token.text());
			}
		}

		private void enter(String word) {
			boolean inBody = this.blocks > 0;
			if ((this.function && this.begin && word.equals("atomic")) || (inBody && word.equals("case"))) {
				this.blocks++;
			}
			else if (inBody && word.equals("end")) {
				this.blocks--;
			}
			this.create |= word.equals("create");
			this.function |= this.create && (word.equals("function") || word.equals("procedure"));
			this.begin = word.equals("begin");
		}

		boolean isOutermost() {
			return this.parentheses == 0 && this.blocks == 0;
		}

	}

}
