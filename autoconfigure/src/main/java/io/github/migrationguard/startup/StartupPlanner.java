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

import org.springframework.core.NativeDetector;

/**
 * Decides when the migrations run, as far as that is known before any bean is created.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class StartupPlanner {

	private static final String MODE = "migration-guard.startup.mode";

	private StartupPlanner() {
	}

	/**
	 * Decide.
	 * @param configured the configured mode
	 * @return the plan
	 */
	public static StartupPlan plan(StartupMode configured) {
		if (configured != StartupMode.AUTO) {
			return new StartupPlan(configured, MODE + "=" + configured.getValue());
		}
		if (NativeDetector.inNativeImage()) {
			return new StartupPlan(StartupMode.IN_REFRESH, "in a native image no statement can be noticed");
		}
		return new StartupPlan(StartupMode.AUTO, "no statement is sent before the web server is started");
	}

}
