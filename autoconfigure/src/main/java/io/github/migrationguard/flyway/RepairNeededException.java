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

package io.github.migrationguard.flyway;

import org.flywaydb.core.api.FlywayException;

/**
 * Thrown if the history holds a migration that has failed outside a transaction. Flyway
 * refuses to go on until it is removed.
 *
 * @author Migration Guard
 */
@SuppressWarnings("serial")
class RepairNeededException extends RuntimeException {

	private final String script;

	private final String history;

	RepairNeededException(String script, String history, FlywayException cause) {
		super("'%s' is recorded as failed in %s: %s".formatted(script, history, cause.getMessage()), cause);
		this.script = script;
		this.history = history;
	}

	String getScript() {
		return this.script;
	}

	/**
	 * Return the quoted identifier of the history table.
	 */
	String getHistory() {
		return this.history;
	}

}
