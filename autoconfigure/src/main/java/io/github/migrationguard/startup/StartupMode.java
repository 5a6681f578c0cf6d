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

/**
 * When the migrations run during the start of an application.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public enum StartupMode {

	/**
	 * At the gate, unless something is known to read the schema while beans are created.
	 */
	AUTO("auto"),

	/**
	 * After the web server was started and before everything else is.
	 */
	GATE("gate"),

	/**
	 * While beans are created, where the migration tool would have run by itself.
	 */
	IN_REFRESH("in-refresh");

	private final String value;

	StartupMode(String value) {
		this.value = value;
	}

	/**
	 * Return the mode as it is written in properties.
	 * @return the value
	 */
	public String getValue() {
		return this.value;
	}

}
