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

/**
 * Tells when a wait is worth a line in the log: at once, after 5, 15 and 30 seconds, then
 * every minute.
 *
 * @author Migration Guard
 */
final class WaitLog {

	private static final List<Duration> FIRST = List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(15),
			Duration.ofSeconds(30), Duration.ofMinutes(1));

	private static final Duration EVERY = Duration.ofMinutes(1);

	private int lines;

	/**
	 * Return whether a line is due now, and count it.
	 */
	boolean isDue(Duration waited) {
		if (waited.compareTo(next()) < 0) {
			return false;
		}
		while (waited.compareTo(next()) >= 0) {
			this.lines++;
		}
		return true;
	}

	private Duration next() {
		if (this.lines < FIRST.size()) {
			return FIRST.get(this.lines);
		}
		return EVERY.multipliedBy(this.lines - FIRST.size() + 2L);
	}

}
