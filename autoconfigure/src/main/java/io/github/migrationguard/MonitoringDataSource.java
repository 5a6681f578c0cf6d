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

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/**
 * Gives short connections for monitoring, with time limits. They come from no pool, so
 * that there is one when the pool has nothing left; from the tool's own data source where
 * nothing can be derived from it or where what is derived is not let in.
 *
 * @author Migration Guard
 */
final class MonitoringDataSource extends AbstractDataSource {

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			MonitoringDataSource.class.getClassLoader());

	private final DataSource dataSource;

	private volatile @Nullable DataSource derived;

	/**
	 * Create a monitoring data source.
	 * @param dataSource the tool's own one
	 * @param timeoutSeconds after how many seconds a connection attempt is given up
	 */
	MonitoringDataSource(DataSource dataSource, int timeoutSeconds) {
		this.dataSource = dataSource;
		this.derived = derive(dataSource, timeoutSeconds);
	}

	private static @Nullable DataSource derive(DataSource dataSource, int timeoutSeconds) {
		try {
			SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(dataSource)
				.type(SimpleDriverDataSource.class)
				.build();
			Properties properties = driverProperties(TargetDataSource.of(dataSource));
			properties.setProperty("ApplicationName", "migration-guard");
			properties.setProperty("connectTimeout", String.valueOf(timeoutSeconds));
			properties.setProperty("socketTimeout", String.valueOf(2 * timeoutSeconds));
			derived.setConnectionProperties(properties);
			return (derived.getUrl() != null) ? derived : null;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * What the URL does not tell, such as SSL.
	 */
	private static Properties driverProperties(DataSource dataSource) {
		Properties properties = new Properties();
		if (HIKARI && dataSource instanceof HikariDataSource hikari) {
			properties.putAll(hikari.getDataSourceProperties());
		}
		if (dataSource instanceof AbstractDriverBasedDataSource driverBased
				&& driverBased.getConnectionProperties() != null) {
			properties.putAll(driverBased.getConnectionProperties());
		}
		return properties;
	}

	@Override
	public Connection getConnection() throws SQLException {
		DataSource derived = this.derived;
		if (derived == null) {
			return this.dataSource.getConnection();
		}
		try {
			return derived.getConnection();
		}
		catch (SQLException | RuntimeException ex) {
			if (SqlFailures.isNotThereYet(ex)) {
				throw ex;
			}
			Connection connection = this.dataSource.getConnection();
			this.derived = null;
			return connection;
		}
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return this.dataSource.getConnection(username, password);
	}

}
