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

package io.github.migrationguard.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Unit}.
 *
 * @author Migration Guard
 */
class UnitTests {

	@Test
	void smallValueHasDecimals() {
		assertThat(Unit.SECONDS.formatWithSymbol(1.234)).isEqualTo("1.23 s");
		assertThat(Unit.MICROSECONDS.formatWithSymbol(0.0404)).isEqualTo("0.040 µs");
	}

	@Test
	void largeValueHasNone() {
		assertThat(Unit.MICROSECONDS.formatWithSymbol(1419.052)).isEqualTo("1,419 µs");
	}

	@Test
	void countHasDecimalsOnlyBetweenTwoNumbers() {
		assertThat(Unit.COUNT.formatWithSymbol(3131)).isEqualTo("3,131");
		assertThat(Unit.COUNT.formatWithSymbol(2.5)).isEqualTo("2.5");
	}

}
