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
 * A token of an SQL text.
 *
 * @param kind what it is
 * @param text its text: folded to lower case as the server does it for a word, without
 * its quotes for a quoted identifier and for a literal
 * @author Migration Guard
 */
record SqlToken(Kind kind, String text) {

	/**
	 * What a token is.
	 */
	enum Kind {

		/**
		 * A keyword or an identifier.
		 */
		WORD,

		/**
		 * A quoted identifier.
		 */
		QUOTED,

		/**
		 * A string literal.
		 */
		LITERAL,

		/**
		 * A number or a parameter.
		 */
		VALUE,

		/**
		 * Any other character.
		 */
		SYMBOL

	}

	boolean isWord(String word) {
		return this.kind == Kind.WORD && this.text.equals(word);
	}

	boolean isSymbol(char symbol) {
		return this.kind == Kind.SYMBOL && this.text.charAt(0) == symbol;
	}

	boolean isIdentifier() {
		return this.kind == Kind.WORD || this.kind == Kind.QUOTED;
	}

	/**
	 * Return whether it names the given setting. Settings have names of any case, quoted
	 * or not.
	 */
	boolean isSetting(String name) {
		return isIdentifier() && this.text.equalsIgnoreCase(name);
	}

}
