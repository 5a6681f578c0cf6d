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

package io.github.migrationguard.autoconfigure;

import java.sql.SQLException;
import java.util.Set;

import io.github.migrationguard.MigrationException;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.startup.StartupPlanner;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Analyzes a bean that could not be created because it needs the schema, while the
 * migrations were to run later.
 *
 * @author Migration Guard
 */
@Order(0)
class SchemaReaderFailureAnalyzer implements FailureAnalyzer {

	private static final String MODE = "migration-guard.startup.mode";

	/**
	 * No such table, no such column, no such schema.
	 */
	private static final Set<String> MISSING = Set.of("42P01", "42703", "3F000");

	private static final String SCHEMA_MANAGEMENT_EXCEPTION = "org.hibernate.tool.schema.spi.SchemaManagementException";

	private static final String SEQUENCE_INCREMENT = "increment size";

	private final BeanFactory beanFactory;

	private final Environment environment;

	SchemaReaderFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		BeanCreationException creation = null;
		Throwable reading = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MigrationException) {
				return null;
			}
			if (cause instanceof BeanCreationException ex && ex.getBeanName() != null) {
				creation = ex;
			}
			reading = isMissingSchema(cause) ? cause : reading;
		}
		return (creation != null && reading != null && isGate()) ? analyze(failure, creation, reading) : null;
	}

	private static boolean isMissingSchema(Throwable cause) {
		return (cause instanceof SQLException ex && MISSING.contains(String.valueOf(ex.getSQLState())))
				|| cause.getClass().getName().equals(SCHEMA_MANAGEMENT_EXCEPTION)
				|| (cause.getClass().getName().startsWith("org.hibernate.")
						&& String.valueOf(cause.getMessage()).contains(SEQUENCE_INCREMENT));
	}

	private boolean isGate() {
		if (!(this.beanFactory instanceof ConfigurableListableBeanFactory listable)
				|| !listable.containsBeanDefinition("migrationStartupPlan")) {
			return false;
		}
		StartupMode configured = Binder.get(this.environment).bind(MODE, StartupMode.class).orElse(StartupMode.AUTO);
		StartupPlan plan = new StartupPlanner(listable, this.environment).plan(configured);
		return !plan.isInRefresh();
	}

	private static FailureAnalysis analyze(Throwable failure, BeanCreationException creation, Throwable reading) {
		String description = """
				The bean '%s' needs the schema while it is created: %s

				Migrations have not been run yet at that moment: they run after the web server was started (%s is \
				'gate', or 'auto' without knowing of this bean).""".formatted(creation.getBeanName(),
				firstLine(reading), MODE);
		String action = """
				Do one of these:

				    - run the migrations while beans are created: %s=in-refresh
				    - or name the bean: migration-guard.startup.schema-readers=%s
				    - or read the schema later, for example in an ApplicationRunner.""".formatted(MODE,
				creation.getBeanName());
		return new FailureAnalysis(description, action, failure);
	}

	private static String firstLine(Throwable failure) {
		return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
	}

}
