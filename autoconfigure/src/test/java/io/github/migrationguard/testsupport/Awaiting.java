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

package io.github.migrationguard.testsupport;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The one way in which tests wait: for a condition, patiently enough for a very busy
 * machine.
 *
 * @author Migration Guard
 */
public final class Awaiting {

	private static final Duration AT_MOST = Duration.ofMinutes(3);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(25);

	private static final Duration DATABASE_POLL_INTERVAL = Duration.ofMillis(150);

	private Awaiting() {
	}

	/**
	 * Start to await a condition that costs a new connection each time that it is looked
	 * at.
	 * @param alias what is awaited, for the message when it does not come
	 * @return a condition factory
	 */
	public static ConditionFactory awaitInDatabase(String alias) {
		return await(alias).pollInterval(DATABASE_POLL_INTERVAL);
	}

	/**
	 * Start to await a condition.
	 * @param alias what is awaited, for the message when it does not come
	 * @return a condition factory
	 */
	public static ConditionFactory await(String alias) {
		return Awaitility.await(alias)
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.pollInterval(POLL_INTERVAL)
			.atMost(AT_MOST);
	}

}
