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

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds out for an instance that only waits whether what is pending would ever be
 * applied, by calling the strategy of the user with a {@link Flyway} that does nothing
 * and has no database: a strategy may be there to switch Flyway off.
 *
 * @author Migration Guard
 */
class StrategyRehearsal {

	private static final Log logger = LogFactory.getLog(StrategyRehearsal.class);

	private final FlywayAccess access;

	private @Nullable Boolean migrates;

	StrategyRehearsal(FlywayAccess access) {
		this.access = access;
	}

	/**
	 * Return whether others have to be waited for. The strategy is called only once.
	 * @param configuration a copy of the configuration
	 * @param info what is pending
	 */
	boolean migrates(ClassicConfiguration configuration, MigrationInfoService info) {
		FlywayMigrationStrategy strategy = this.access.strategy();
		if (strategy == null || !isHarmless(strategy)) {
			return true;
		}
		Boolean migrates = this.migrates;
		if (migrates == null) {
			migrates = rehearse(strategy, configuration, info);
			this.migrates = migrates;
		}
		return migrates;
	}

	/**
	 * One that has more than the {@link Flyway} that it gets, such as a data source or
	 * another {@link Flyway}, might migrate in earnest.
	 */
	private boolean isHarmless(FlywayMigrationStrategy strategy) {
		for (Class<?> type = strategy.getClass(); type != Object.class; type = type.getSuperclass()) {
			for (Field field : type.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !isHarmless(field, strategy)) {
					return false;
				}
			}
		}
		return true;
	}

	private boolean isHarmless(Field field, FlywayMigrationStrategy strategy) {
		if (!Flyway.class.isAssignableFrom(field.getType())) {
			return ClassUtils.isSimpleValueType(field.getType());
		}
		try {
			ReflectionUtils.makeAccessible(field);
			return ReflectionUtils.getField(field, strategy) == this.access.flyway();
		}
		catch (InaccessibleObjectException ex) {
			return false;
		}
	}

	/**
	 * The bean itself has no database either meanwhile: the strategy may keep it.
	 */
	private boolean rehearse(FlywayMigrationStrategy strategy, ClassicConfiguration configuration,
			MigrationInfoService info) {
		DataSource none = new NoDataSource();
		ClassicConfiguration withoutDatabase = new ClassicConfiguration(configuration);
		withoutDatabase.setDataSource(none);
		RehearsedFlyway flyway = new RehearsedFlyway(withoutDatabase, info);
		try (LentConfiguration lent = LentConfiguration.of(this.access.configuration(), none)) {
			strategy.migrate(flyway);
			return flyway.isMigrated();
		}
		catch (RuntimeException ex) {
			logger.debug("The strategy fails without a database, so what is pending is waited for", ex);
			return true;
		}
	}

	/**
	 * Refuses every connection.
	 */
	private static final class NoDataSource extends AbstractDataSource {

		@Override
		public Connection getConnection() throws SQLException {
			throw new SQLException(
					"This instance only waits for others that migrate (migration-guard.role=wait), so its FlywayMigrationStrategy gets no connection");
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
