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

import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/**
 * Derives from the tool's own {@link DataSource} one that connects in the same way, but
 * without its pool and with time limits.
 *
 * @author Migration Guard
 */
final class UnpooledDataSource {

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			UnpooledDataSource.class.getClassLoader());

	private UnpooledDataSource() {
	}

	/**
	 * Derive a data source.
	 * @param dataSource the tool's own one
	 * @param timeoutSeconds after how many seconds a connection attempt is given up
	 * @return the data source, or {@code null} if URL, user or password are not known
	 */
	static @Nullable DataSource derivedFrom(DataSource dataSource, int timeoutSeconds) {
		DataSource target = TargetDataSource.of(dataSource);
		try {
			SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(target)
				.type(SimpleDriverDataSource.class)
				.build();
			derived.setConnectionProperties(properties(target, timeoutSeconds));
			return (derived.getUrl() != null && derived.getDriver() != null) ? derived : null;
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private static Properties properties(DataSource target, int timeoutSeconds) {
		Properties properties = new Properties();
		addDriverProperties(properties, target);
		properties.setProperty("ApplicationName", "migration-guard");
		properties.setProperty("connectTimeout", String.valueOf(timeoutSeconds));
		properties.setProperty("socketTimeout", String.valueOf(2 * timeoutSeconds));
		return properties;
	}

	/**
	 * What the URL does not tell, such as SSL.
	 */
	private static void addDriverProperties(Properties properties, DataSource target) {
		if (HIKARI && target instanceof HikariDataSource hikari) {
			properties.putAll(hikari.getDataSourceProperties());
		}
		if (target instanceof AbstractDriverBasedDataSource driverBased
				&& driverBased.getConnectionProperties() != null) {
			properties.putAll(driverBased.getConnectionProperties());
		}
	}

}
