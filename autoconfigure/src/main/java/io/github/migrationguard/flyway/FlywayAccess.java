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
import java.lang.reflect.Method;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * What a {@link FlywayMigrationInitializer} does not show: its {@link Flyway} and the
 * strategy of the user.
 *
 * @author Migration Guard
 */
class FlywayAccess {

	private static final Field FLYWAY = field("flyway");

	private static final Field STRATEGY = field("migrationStrategy");

	private final FlywayMigrationInitializer initializer;

	private final Flyway flyway;

	private final @Nullable FlywayMigrationStrategy strategy;

	FlywayAccess(FlywayMigrationInitializer initializer) {
		this.initializer = initializer;
		Flyway flyway = (Flyway) ReflectionUtils.getField(FLYWAY, initializer);
		Assert.state(flyway != null, "No Flyway");
		this.flyway = flyway;
		this.strategy = (FlywayMigrationStrategy) ReflectionUtils.getField(STRATEGY, initializer);
	}

	FlywayMigrationInitializer initializer() {
		return this.initializer;
	}

	Flyway flyway() {
		return this.flyway;
	}

	@Nullable FlywayMigrationStrategy strategy() {
		return this.strategy;
	}

	/**
	 * Return the data source, {@code null} for a mock and the like.
	 */
	@Nullable DataSource findDataSource() {
		Configuration configuration = this.flyway.getConfiguration();
		return (configuration != null) ? configuration.getDataSource() : null;
	}

	/**
	 * Return the configuration that the {@link Flyway} works with.
	 */
	ClassicConfiguration configuration() {
		Configuration configuration = this.flyway.getConfiguration();
		Assert.state(configuration instanceof ClassicConfiguration,
				() -> "'%s' does not return the configuration it was created with: do not override getConfiguration(), so that the migration runs on the session that holds the lock"
					.formatted(this.flyway.getClass().getName()));
		return (ClassicConfiguration) configuration;
	}

	/**
	 * Return whether a run is anything else than {@link Flyway#migrate()}.
	 */
	boolean isCustomized() {
		return this.strategy != null
				|| overrides(this.initializer.getClass(), "afterPropertiesSet", FlywayMigrationInitializer.class)
				|| overrides(this.flyway.getClass(), "migrate", Flyway.class);
	}

	private static boolean overrides(Class<?> type, String name, Class<?> original) {
		Method method = ReflectionUtils.findMethod(type, name);
		return method == null || method.getDeclaringClass() != original;
	}

	private static Field field(String name) {
		Field field = ReflectionUtils.findField(FlywayMigrationInitializer.class, name);
		Assert.state(field != null, () -> "No field '%s'".formatted(name));
		ReflectionUtils.makeAccessible(field);
		return field;
	}

}
