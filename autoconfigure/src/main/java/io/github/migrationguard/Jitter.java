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
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that keep many instances from asking all at once.
 *
 * @author Migration Guard
 */
final class Jitter {

	private static final int SECOND = 1000;

	/**
	 * What a question costs grows with the number of those who ask, so that as many must
	 * not ask as often.
	 */
	private static final int MILLIS_A_SESSION = 20;

	private static final int MAX_MILLIS = 5000;

	private Jitter() {
	}

	static Duration aboutASecond() {
		return about(SECOND);
	}

	/**
	 * Return how long to wait until the next question, if others ask the same: each of
	 * them would notice that the lock is free, and all are notified when it is released.
	 * A notification wakes all at once, so the times are spread from the first second on.
	 * @param sessions how many ask
	 */
	static Duration among(int sessions) {
		int mean = Math.min(sessions * MILLIS_A_SESSION, MAX_MILLIS);
		return (mean <= SECOND) ? aboutASecond()
				: Duration.ofMillis(ThreadLocalRandom.current().nextInt(SECOND, 2 * mean));
	}

	private static Duration about(int millis) {
		return Duration.ofMillis(ThreadLocalRandom.current().nextInt(millis, millis + millis / 5));
	}

}
