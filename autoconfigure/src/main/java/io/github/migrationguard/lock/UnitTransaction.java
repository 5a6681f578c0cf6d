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

package io.github.migrationguard.lock;

/**
 * Whether the commits of a migration tool are withheld at the moment.
 *
 * @author Migration Guard
 */
final class UnitTransaction {

	private boolean withheld;

	private boolean checked;

	void withhold() {
		this.withheld = true;
		this.checked = false;
	}

	/**
	 * Return whether what a commit would refuse is to be looked for: the tool commits
	 * once more after it has recorded the unit.
	 * @return {@code true} the first time after {@link #withhold()}
	 */
	boolean isCheckDue() {
		boolean due = !this.checked;
		this.checked = true;
		return due;
	}

	boolean isWithheld() {
		return this.withheld;
	}

	/**
	 * Stop to withhold.
	 * @return whether commits were withheld
	 */
	boolean release() {
		boolean wasWithheld = this.withheld;
		this.withheld = false;
		return wasWithheld;
	}

}
