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

package io.github.migrationguard;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WaitLog}.
 *
 * @author Migration Guard
 */
class WaitLogTests {

	@Test
	void isDueOftenAtFirstThenEveryMinute() {
		WaitLog log = new WaitLog();
		List<Integer> due = IntStream.range(0, 300)
			.filter((second) -> log.isDue(Duration.ofSeconds(second)))
			.boxed()
			.toList();
		assertThat(due).containsExactly(0, 5, 15, 30, 60, 120, 180, 240);
	}

	@Test
	void missedLinesAreNotMadeUpFor() {
		WaitLog log = new WaitLog();
		assertThat(log.isDue(Duration.ofSeconds(45))).isTrue();
		assertThat(log.isDue(Duration.ofSeconds(46))).isFalse();
		assertThat(log.isDue(Duration.ofSeconds(60))).isTrue();
	}

}
