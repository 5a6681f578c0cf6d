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

package io.github.migrationguard.lock;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlMask}.
 *
 * @author Migration Guard
 */
class SqlMaskTests {

	@Test
	@Tag("security:S10")
	void masksLiterals() {
		assertMasked("alter table t1 add c2 int", "alter table t1 add c2 int");
		assertMasked("update t set a = 'secret' where id = 5", "update t set a = ? where id = ?");
		assertMasked("select 'it''s', 1.5, -2", "select ?, ?, -?");
		assertMasked("select E'a\\'secret' || 'b'", "select ? || ?");
		assertMasked("select $$secret$$, $x$sec$$ret$x$", "select ?, ?");
		assertMasked("select \"it's 5\" from t", "select \"it's 5\" from t");
		assertMasked("-- don't", "");
		assertMasked("/* don't */ select 'secret'", "select ?");
		assertMasked("select $1, 'x'", "select $1, ?");
	}

	@Test
	@Tag("security:S10")
	void masksLiteralThatIsCutOff() {
		assertMasked("select 'cut off", "select ?");
		assertMasked("select $$cut off", "select ?");
		assertMasked("select E'cut off\\", "select ?");
	}

	private static void assertMasked(String sql, String masked) {
		assertThat(SqlMask.maskLiterals(sql)).isEqualTo(masked);
	}

	@Test
	@Tag("security:S10")
	void apostropheInCommentDoesNotUncoverLiteral() {
		assertThat(SqlMask.maskLiterals("select 1 -- don't\nfrom t where a = 'secret'")).doesNotContain("secret");
	}

	@Test
	@Tag("security:S10")
	void cutsLongStatement() {
		assertThat(SqlMask.maskLiterals("select " + "a, ".repeat(10_000))).hasSize(303).endsWith("...");
	}

	@Test
	void literalOfAnySizeIsMasked() {
		assertThat(SqlMask.maskLiterals("select '" + "x''\\".repeat(100_000) + "'")).isEqualTo("select ?");
	}

	@Test
	void nothingIsNothing() {
		assertThat(SqlMask.maskLiterals(null)).isNull();
		assertThat(SqlMask.maskLiterals(" ")).isNull();
	}

}
