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

package io.github.migrationguard.fault;

import io.github.migrationguard.testsupport.HostedReplica.Phase;

/**
 * What has become of a replica that was hit, in the words of the documentation.
 *
 * @author Migration Guard
 */
enum Outcome {

	/**
	 * It became ready.
	 */
	READY("ready"),

	/**
	 * It failed, and others went on.
	 */
	FAILS("fails"),

	/**
	 * It was stopped, and others went on.
	 */
	STOPS("stops"),

	/**
	 * Its process was ended, and others went on.
	 */
	GONE("gone"),

	/**
	 * It failed, and the others in the same way.
	 */
	ALL_FAIL("all fail"),

	/**
	 * It cannot be hit there.
	 */
	NONE("-");

	private final String label;

	Outcome(String label) {
		this.label = label;
	}

	static Outcome of(Phase end, boolean othersFailed, String failure) {
		return switch (end) {
			case READY -> READY;
			case GONE -> GONE;
			case FAILED -> failure.contains("MigrationStopped") ? STOPS : (othersFailed ? ALL_FAIL : FAILS);
			case STARTING -> throw new IllegalArgumentException("It has not ended");
		};
	}

	@Override
	public String toString() {
		return this.label;
	}

}
