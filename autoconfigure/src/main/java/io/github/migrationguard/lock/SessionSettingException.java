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

import java.sql.SQLException;

/**
 * Thrown if the server refuses a configured setting of the migration session.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class SessionSettingException extends SQLException {

	private final String name;

	private final String value;

	SessionSettingException(String name, String value, SQLException cause) {
		super("The server refused the session setting '%s' with the value '%s': %s".formatted(name, value,
				cause.getMessage()), cause.getSQLState(), cause);
		this.name = name;
		this.value = value;
	}

	/**
	 * Return the name of the setting.
	 * @return the name
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return the value that was refused.
	 * @return the value
	 */
	public String getValue() {
		return this.value;
	}

}
