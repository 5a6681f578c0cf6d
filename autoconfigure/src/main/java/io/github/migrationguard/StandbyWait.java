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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The wait of a run that met a standby: for its promotion, or for the new primary to be
 * what one is connected to.
 *
 * @author Migration Guard
 */
final class StandbyWait {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private final RunContext run;

	private final WaitLog log = new WaitLog();

	private final long start = System.nanoTime();

	StandbyWait(RunContext run) {
		this.run = run;
	}

	/**
	 * Wait some time before the next attempt.
	 * @throws StandbyException the given one, if the time is over
	 */
	void pause(StandbyException standby) {
		Duration waited = Duration.ofNanos(System.nanoTime() - this.start);
		if (waited.compareTo(standby.getWaited()) >= 0) {
			throw standby;
		}
		this.run.board()
			.update((status) -> status.withError(MigrationStatus.Failure.of(standby))
				.withState(MigrationState.CONNECTING));
		if (this.log.isDue(waited)) {
			logger.warn("Migration '%s' waits for a primary, trying for %s: %s".formatted(this.run.name(),
					standby.getWaited(), standby.getMessage()));
		}
		this.run.stop().pause(this.run.name(), Jitter.aboutASecond());
	}

}
