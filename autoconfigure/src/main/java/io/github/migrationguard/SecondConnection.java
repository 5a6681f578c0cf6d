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

package io.github.migrationguard;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

/**
 * A connection beside the one of the session, for a moment: made like those of the tool's
 * own data source, but without its pool, of which the session may have the only
 * connection.
 *
 * @author Migration Guard
 */
final class SecondConnection {

	private static final int TIMEOUT_SECONDS = 5;

	private static final String NOT_SUPPORTED = "0A000";

	private final DataSource dataSource;

	SecondConnection(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Connect, with time limits.
	 * @throws SQLException if there is no connection, or if none can be derived from the
	 * data source
	 */
	Connection open() throws SQLException {
		DataSource derived = UnpooledDataSource.derivedFrom(this.dataSource, TIMEOUT_SECONDS);
		if (derived == null) {
			throw new SQLException("No connection can be derived from the " + this.dataSource.getClass().getName(),
					NOT_SUPPORTED);
		}
		return derived.getConnection();
	}

}
