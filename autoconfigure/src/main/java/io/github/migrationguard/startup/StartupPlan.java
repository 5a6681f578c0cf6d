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

import org.springframework.util.Assert;

/**
 * When the migrations of this application run, and why then.
 *
 * @param mode the mode, never {@link StartupMode#AUTO}
 * @param reason why this mode, in one sentence
 * @author Migration Guard
 * @since 0.1.0
 */
public record StartupPlan(StartupMode mode, String reason) {

	public StartupPlan {
		Assert.isTrue(mode != StartupMode.AUTO, "'mode' must not be AUTO");
	}

	/**
	 * Return whether migrations run while beans are created.
	 * @return whether this is {@link StartupMode#IN_REFRESH}
	 */
	public boolean isInRefresh() {
		return this.mode == StartupMode.IN_REFRESH;
	}

}
