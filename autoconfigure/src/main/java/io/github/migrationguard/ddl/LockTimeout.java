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

package io.github.migrationguard.ddl;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The {@code lock_timeout} of a session, switched off until this is closed.
 *
 * @author Migration Guard
 */
final class LockTimeout implements AutoCloseable {

	private static final String READ = "select current_setting('lock_timeout')";

	private static final String SET = "select set_config('lock_timeout', ?, false)";

	private final Connection connection;

	private final String value;

	private LockTimeout(Connection connection) throws SQLException {
		this.connection = connection;
		this.value = read();
		set("0");
	}

	static LockTimeout off(Connection connection) throws SQLException {
		return new LockTimeout(connection);
	}

	private String read() throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(READ);
				ResultSet row = statement.executeQuery()) {
			row.next();
			return row.getString(1);
		}
	}

	private void set(String value) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(SET)) {
			statement.setString(1, value);
			statement.execute();
		}
	}

	@Override
	public void close() throws SQLException {
		set(this.value);
	}

}
