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

package io.github.migrationguard.startup;

import org.jspecify.annotations.Nullable;

/**
 * When the migrations of this application run, and why then. Unless the mode was
 * configured, a plan to run them at the gate is given up when somebody needs them
 * earlier.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class StartupPlan {

	private final StartupMode configured;

	private final String reason;

	private volatile @Nullable String earlierReason;

	/**
	 * Create a plan.
	 * @param configured the configured mode
	 * @param reason why it is this mode, in one sentence
	 */
	public StartupPlan(StartupMode configured, String reason) {
		this.configured = configured;
		this.reason = reason;
	}

	/**
	 * Return when the migrations run.
	 * @return the mode, never {@link StartupMode#AUTO}
	 */
	public StartupMode mode() {
		return isInRefresh() ? StartupMode.IN_REFRESH : StartupMode.GATE;
	}

	/**
	 * Return why they run then.
	 * @return the reason, in one sentence
	 */
	public String reason() {
		String earlierReason = this.earlierReason;
		return (earlierReason != null) ? earlierReason : this.reason;
	}

	/**
	 * Return whether migrations run while beans are created.
	 * @return whether this is {@link StartupMode#IN_REFRESH}
	 */
	public boolean isInRefresh() {
		return this.configured == StartupMode.IN_REFRESH || this.earlierReason != null;
	}

	/**
	 * Return whether migrations must not run before the gate.
	 * @return whether {@link StartupMode#GATE} was configured
	 */
	boolean isGateForced() {
		return this.configured == StartupMode.GATE;
	}

	/**
	 * Run the migrations earlier than at the gate. What was configured is not changed.
	 * @param reason why, in one sentence
	 */
	synchronized void runEarlier(String reason) {
		if (this.configured == StartupMode.AUTO && this.earlierReason == null) {
			this.earlierReason = reason;
		}
	}

	@Override
	public String toString() {
		return mode().getValue() + " (" + reason() + ")";
	}

}
