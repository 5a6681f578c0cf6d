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

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Sample}.
 *
 * @author Migration Guard
 */
class SampleTests {

	@Test
	void medianOfOddNumberIsValueInTheMiddle() {
		assertThat(Sample.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Sample(2, 1, 9, 3));
	}

	@Test
	void medianOfEvenNumberIsBetweenBothInTheMiddle() {
		assertThat(Sample.of(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3);
	}

}
