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

import java.util.List;

import io.github.migrationguard.watch.Blocker;

/**
 * Thrown when a unit did not get a lock and is not tried again: its time is over, or
 * trying again would apply part of it twice.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class DdlBlockedException extends MigrationFailedException {

	private final transient List<Attempt> attempts;

	private final String why;

	DdlBlockedException(String migrator, String tool, UnitBlockedException blocked, List<Attempt> attempts,
			String why) {
		super(migrator, tool, blocked.getUnit(), blocked.getBlocked().failure(), ". It is not tried again: " + why);
		this.attempts = List.copyOf(attempts);
		this.why = why;
	}

	/**
	 * Return the attempts to apply the unit.
	 * @return the attempts, in the order in which they were started
	 */
	public List<Attempt> getAttempts() {
		return this.attempts;
	}

	/**
	 * Return who was in the way at the end of the latest attempt.
	 * @return the blockers, empty if unknown
	 */
	public List<Blocker> getBlockers() {
		return this.attempts.isEmpty() ? List.of() : this.attempts.get(this.attempts.size() - 1).blockers();
	}

	/**
	 * Return why it is not tried again.
	 * @return the reason, in words
	 */
	public String getWhy() {
		return this.why;
	}

}
