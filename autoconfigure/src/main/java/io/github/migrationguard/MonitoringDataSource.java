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

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Gives short connections for monitoring, with time limits. They come from no pool, so
 * that there is one when the pool has nothing left; from the tool's own data source where
 * nothing can be derived from it or where what is derived is not let in.
 *
 * @author Migration Guard
 */
final class MonitoringDataSource extends AbstractDataSource {

	private final DataSource dataSource;

	private volatile @Nullable DataSource derived;

	/**
	 * Create a monitoring data source.
	 * @param dataSource the tool's own one
	 * @param timeoutSeconds after how many seconds a connection attempt is given up
	 */
	MonitoringDataSource(DataSource dataSource, int timeoutSeconds) {
		this.dataSource = dataSource;
		this.derived = UnpooledDataSource.derivedFrom(dataSource, timeoutSeconds);
	}

	@Override
	public Connection getConnection() throws SQLException {
		DataSource derived = this.derived;
		if (derived == null) {
			return OwnConnections.borrow(this.dataSource);
		}
		try {
			return derived.getConnection();
		}
		catch (SQLException | RuntimeException ex) {
			if (SqlFailures.isNotThereYet(ex)) {
				throw ex;
			}
			Connection connection = OwnConnections.borrow(this.dataSource);
			this.derived = null;
			return connection;
		}
	}

	/**
	 * Return whether connections come from the server itself and not from the pool.
	 */
	boolean isDerived() {
		return this.derived != null;
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return this.dataSource.getConnection(username, password);
	}

}
