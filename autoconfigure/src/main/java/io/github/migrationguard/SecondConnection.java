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
import java.util.Properties;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * A connection beside the one of the session, for a moment: made like those of the tool's
 * own data source, but without its pool, of which the session may have the only
 * connection.
 *
 * @author Migration Guard
 */
final class SecondConnection {

	private static final String CONNECT_TIMEOUT_SECONDS = "5";

	private static final String ANSWER_TIMEOUT_SECONDS = "10";

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
		try {
			return derive().getConnection();
		}
		catch (RuntimeException ex) {
			throw new SQLException("No connection can be derived from the " + this.dataSource.getClass().getName(),
					NOT_SUPPORTED, ex);
		}
	}

	private DataSource derive() {
		SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(this.dataSource)
			.type(SimpleDriverDataSource.class)
			.build();
		Properties properties = new Properties();
		properties.setProperty("ApplicationName", "migration-guard");
		properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
		properties.setProperty("socketTimeout", ANSWER_TIMEOUT_SECONDS);
		derived.setConnectionProperties(properties);
		return derived;
	}

}
