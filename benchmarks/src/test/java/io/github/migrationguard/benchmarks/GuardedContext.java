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

package io.github.migrationguard.benchmarks;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.web.ServletGateAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/**
 * A service in this process that has migrated.
 *
 * @author Migration Guard
 */
final class GuardedContext {

	private GuardedContext() {
	}

	/**
	 * Start a service, take something out of it and close it again.
	 * @param <T> the type of what is taken
	 * @param trial the trial
	 * @param taken what is taken
	 * @throws Exception if the service does not start
	 */
	static <T> T take(Trial trial, Function<ApplicationContext, T> taken) throws Exception {
		Path directory = trial.install(Workload.ofTables(10).of(MigrationTool.LIQUIBASE));
		AtomicReference<T> result = new AtomicReference<>();
		try (URLClassLoader classLoader = new URLClassLoader(new URL[] { directory.toUri().toURL() },
				GuardedContext.class.getClassLoader())) {
			new WebApplicationContextRunner().withClassLoader(classLoader)
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
						LiquibaseAutoConfiguration.class, MigrationGuardAutoConfiguration.class,
						LiquibaseGuardAutoConfiguration.class, ServletGateAutoConfiguration.class))
				.withPropertyValues("spring.datasource.url=" + trial.database().url(),
						"spring.datasource.username=" + trial.database().username(),
						"spring.datasource.password=" + trial.database().password(),
						"spring.liquibase.change-log=classpath:/changelog.sql")
				.run((context) -> result.set(taken.apply(context)));
		}
		return result.get();
	}

}
