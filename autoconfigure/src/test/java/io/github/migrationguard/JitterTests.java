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
 * Tests for {@link Jitter}.
 *
 * @author Migration Guard
 */
class JitterTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void fewSessionsAskAboutEverySecond() {
		assertThat(times(50)).allSatisfy((time) -> assertThat(time).isBetween(SECOND, Duration.ofMillis(1200)));
	}

	@Test
	void timesOfManySessionsAreSpreadFromTheFirstSecondOn() {
		List<Duration> times = times(300);
		assertThat(times).allSatisfy((time) -> assertThat(time).isBetween(SECOND, Duration.ofSeconds(10)));
		for (int second = 1; second < 10; second++) {
			Duration begin = Duration.ofSeconds(second);
			assertThat(times).as("times in second %d", second)
				.anyMatch((time) -> time.compareTo(begin) >= 0 && time.compareTo(begin.plus(SECOND)) < 0);
		}
	}

	private static List<Duration> times(int sessions) {
		return IntStream.range(0, 1000).mapToObj((time) -> Jitter.among(sessions)).toList();
	}

}
