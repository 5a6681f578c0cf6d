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

package io.github.migrationguard.liquibase;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.sql.Connection;

import liquibase.Liquibase;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.ChangeExecListener;
import liquibase.changelog.visitor.DefaultChangeExecListener;
import liquibase.database.Database;
import liquibase.integration.commandline.LiquibaseCommandLineConfiguration;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import liquibase.resource.ResourceAccessor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.liquibase.autoconfigure.DataSourceClosingSpringLiquibase;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What {@link SpringLiquibase} keeps for its subclasses and what has no getter.
 *
 * @author Migration Guard
 */
class SpringLiquibaseAccess {

	private static final boolean CLOSING_LIQUIBASE = ClassUtils.isPresent(
			"org.springframework.boot.liquibase.autoconfigure.DataSourceClosingSpringLiquibase",
			SpringLiquibaseAccess.class.getClassLoader());

	private static final Field SHOULD_RUN = field(SpringLiquibase.class, "shouldRun");

	private static final Field ROLLBACK_FILE = field(SpringLiquibase.class, "rollbackFile");

	private static final Field LISTENER = field(Liquibase.class, "changeExecListener");

	private static final @Nullable Field CHANGE_LOG = ReflectionUtils.findField(Liquibase.class, "databaseChangeLog");

	static {
		if (CHANGE_LOG != null) {
			ReflectionUtils.makeAccessible(CHANGE_LOG);
		}
	}

	private static final Method CREATE_LIQUIBASE = method(SpringLiquibase.class, "createLiquibase", Connection.class);

	private static final Method CREATE_RESOURCE_OPENER = method(SpringLiquibase.class, "createResourceOpener");

	private static final Method CREATE_DATABASE = method(SpringLiquibase.class, "createDatabase", Connection.class,
			ResourceAccessor.class);

	private final SpringLiquibase bean;

	/**
	 * Create the access.
	 * @param bean the bean
	 * @throws LinkageError if this version of Liquibase lacks what is to be read
	 */
	SpringLiquibaseAccess(SpringLiquibase bean) {
		this.bean = bean;
		if (CLOSING_LIQUIBASE) {
			DataSourceClosing.prepare();
		}
	}

	SpringLiquibase bean() {
		return this.bean;
	}

	boolean shouldRun() {
		return LiquibaseCommandLineConfiguration.SHOULD_RUN.getCurrentValue()
				&& Boolean.TRUE.equals(ReflectionUtils.getField(SHOULD_RUN, this.bean));
	}

	/**
	 * Return whether a run does more than to apply what is pending, or calls code of the
	 * user that may.
	 */
	boolean doesMoreThanUpdate() {
		return this.bean.getCustomizer() != null || this.bean.isDropFirst() || this.bean.isClearCheckSums()
				|| this.bean.isTestRollbackOnUpdate() || this.bean.getTag() != null
				|| ReflectionUtils.getField(ROLLBACK_FILE, this.bean) instanceof File
				|| overrides("createLiquibase", Connection.class) || overrides("performUpdate", Liquibase.class)
				|| overrides("afterPropertiesSet");
	}

	private boolean overrides(String name, Class<?>... parameterTypes) {
		Method method = ReflectionUtils.findMethod(this.bean.getClass(), name, parameterTypes);
		Assert.state(method != null, () -> "No method '%s'".formatted(name));
		Class<?> declaringClass = method.getDeclaringClass();
		return declaringClass != SpringLiquibase.class
				&& !declaringClass.getName().startsWith("org.springframework.boot.");
	}

	/**
	 * Create a {@link Liquibase} to look with: nothing is dropped, and no customizer is
	 * called.
	 */
	Liquibase createLiquibase(Connection connection) {
		boolean dropFirst = this.bean.isDropFirst();
		Customizer<Liquibase> customizer = this.bean.getCustomizer();
		this.bean.setDropFirst(false);
		this.bean.setCustomizer(null);
		try {
			return (Liquibase) invoke(CREATE_LIQUIBASE, connection);
		}
		finally {
			this.bean.setDropFirst(dropFirst);
			this.bean.setCustomizer(customizer);
		}
	}

	/**
	 * Let a {@link Liquibase} use a change log that has been parsed already.
	 */
	void setChangeLog(Liquibase liquibase, DatabaseChangeLog changeLog) {
		if (CHANGE_LOG != null) {
			ReflectionUtils.setField(CHANGE_LOG, liquibase, changeLog);
		}
	}

	/**
	 * Create the {@link Database}, without side effects.
	 */
	Database createDatabase(Connection connection) {
		return (Database) invoke(CREATE_DATABASE, connection, invoke(CREATE_RESOURCE_OPENER));
	}

	private Object invoke(Method method, Object... arguments) {
		Object result = ReflectionUtils.invokeMethod(method, this.bean, arguments);
		Assert.state(result != null, () -> "No result of '%s'".formatted(method.getName()));
		return result;
	}

	/**
	 * Add a listener to the one that the user may have set, which is told after it: what
	 * was applied is committed by then, as it is with Liquibase alone.
	 */
	void addListener(Liquibase liquibase, ChangeExecListener listener) {
		Object existing = ReflectionUtils.getField(LISTENER, liquibase);
		liquibase.setChangeExecListener(
				(existing != null) ? new DefaultChangeExecListener(listener, (ChangeExecListener) existing)
						: new DefaultChangeExecListener(listener));
	}

	/**
	 * Close the data source if the bean is to do so once it has migrated. It did not
	 * while it was given ours, and must not before our session is closed.
	 */
	void closeDataSource() {
		if (CLOSING_LIQUIBASE && this.bean instanceof DataSourceClosingSpringLiquibase closing) {
			DataSourceClosing.close(closing);
		}
	}

	private static Field field(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		Assert.state(field != null, () -> "No field '%s'".formatted(name));
		ReflectionUtils.makeAccessible(field);
		return field;
	}

	private static Method method(Class<?> type, String name, Class<?>... parameterTypes) {
		Method method = ReflectionUtils.findMethod(type, name, parameterTypes);
		Assert.state(method != null, () -> "No method '%s'".formatted(name));
		ReflectionUtils.makeAccessible(method);
		return method;
	}

	/**
	 * Keeps a class of the optional Spring Boot module out of the class above.
	 */
	private static final class DataSourceClosing {

		private static final Field ONCE_MIGRATED = field(DataSourceClosingSpringLiquibase.class,
				"closeDataSourceOnceMigrated");

		private static final Method CLOSE = method(DataSourceClosingSpringLiquibase.class, "closeDataSource");

		/**
		 * Fail now, not after the run, if something is missing.
		 */
		static void prepare() {
		}

		static void close(DataSourceClosingSpringLiquibase liquibase) {
			if (Boolean.TRUE.equals(ReflectionUtils.getField(ONCE_MIGRATED, liquibase))) {
				ReflectionUtils.invokeMethod(CLOSE, liquibase);
			}
		}

	}

}
