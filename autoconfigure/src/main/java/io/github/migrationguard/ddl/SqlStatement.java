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

import java.util.List;
import java.util.Set;

import io.github.migrationguard.ddl.SqlToken.Kind;

/**
 * One statement of an SQL text.
 *
 * @param tokens its tokens, without comments and the semicolon
 * @author Migration Guard
 */
record SqlStatement(List<SqlToken> tokens) {

	SqlReader read() {
		return new SqlReader(this.tokens);
	}

	boolean startsWith(String... words) {
		return read().accept(words);
	}

	/**
	 * Return whether it has one of the words somewhere.
	 */
	boolean containsAny(Set<String> words) {
		return this.tokens.stream().anyMatch((token) -> token.kind() == Kind.WORD && words.contains(token.text()));
	}

	/**
	 * Return whether it has the words in a row somewhere.
	 */
	boolean contains(String... words) {
		for (SqlReader reader = read(); reader.hasNext(); reader.skip()) {
			if (reader.isNext(words)) {
				return true;
			}
		}
		return false;
	}

}
