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

import java.time.Duration;

/**
 * The statement that the session executes at this moment.
 *
 * @param id what tells it from every other one of the run
 * @param start when it was started, as of {@link System#nanoTime()}
 * @param unitStart when its unit was started, as of {@link System#nanoTime()}
 * @param cancellable whether it may be cancelled because it waits for a lock
 * @param unlimited whether the server does not limit how long it may wait for a lock
 * @author Migration Guard
 * @since 0.1.0
 */
public record RunningStatement(long id, long start, long unitStart, boolean cancellable, boolean unlimited) {

	/**
	 * Return for how long it has been running.
	 * @return the time since it was started
	 */
	public Duration runningFor() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	/**
	 * Return for how long its unit has been running.
	 * @return the time since the unit was started
	 */
	public Duration unitRunningFor() {
		return Duration.ofNanos(System.nanoTime() - this.unitStart);
	}

}
