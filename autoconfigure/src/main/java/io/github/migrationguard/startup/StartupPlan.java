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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
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

	private static final Log logger = LogFactory.getLog(StartupPlan.class);

	private static final String UNNOTICED_HINT = "if no bean sends a statement while it is created, "
			+ "migration-guard.startup.mode=gate starts the web server first";

	private final StartupMode configured;

	private final String reason;

	private volatile @Nullable Earlier earlier;

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
		Earlier earlier = this.earlier;
		return (earlier != null) ? earlier.reason() : this.reason;
	}

	/**
	 * Return what has decided that.
	 * @return the cause
	 */
	public StartupCause cause() {
		Earlier earlier = this.earlier;
		if (earlier != null) {
			return earlier.cause();
		}
		return (this.configured == StartupMode.AUTO) ? StartupCause.DEFAULT : StartupCause.CONFIGURED;
	}

	/**
	 * Return whether migrations run while beans are created.
	 * @return whether this is {@link StartupMode#IN_REFRESH}
	 */
	public boolean isInRefresh() {
		return this.configured == StartupMode.IN_REFRESH || this.earlier != null;
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
	 * @param cause what asks for it
	 * @param reason why, in one sentence
	 */
	synchronized void runEarlier(StartupCause cause, String reason) {
		if (this.configured == StartupMode.AUTO && this.earlier == null) {
			this.earlier = new Earlier(cause, reason);
		}
	}

	/**
	 * Run the migrations earlier, as somebody may send statements that cannot be noticed.
	 * @param reason why they cannot, in one sentence
	 */
	void runEarlierThanUnnoticed(String reason) {
		if (isGateForced()) {
			logger.warn("Somebody may meet the database as it was before the migrations: " + reason);
		}
		runEarlier(StartupCause.UNNOTICED_STATEMENTS, reason + "; " + UNNOTICED_HINT);
	}

	@Override
	public String toString() {
		return mode().getValue() + " (" + reason() + ")";
	}

	private record Earlier(StartupCause cause, String reason) {

	}

}
