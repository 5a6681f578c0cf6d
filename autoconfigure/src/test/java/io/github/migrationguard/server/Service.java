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

package io.github.migrationguard.server;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.flyway.FlywayGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.TestDatabase;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service in this JVM.
 *
 * @author Migration Guard
 */
final class Service {

	private final ApplicationContextRunner runner;

	private Service(ApplicationContextRunner runner) {
		this.runner = runner;
	}

	static Service of(TestDatabase database, String url, Migrations migrations, Path directory) {
		Map<String, Object> properties = migrations.install(directory);
		return new Service(new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					LiquibaseAutoConfiguration.class, MigrationGuardAutoConfiguration.class,
					FlywayGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("migrations", properties)))
			.withClassLoader(classLoader(directory))
			.withPropertyValues("spring.datasource.url=" + url, "spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.datasource.hikari.maximum-pool-size=1"));
	}

	private static ClassLoader classLoader(Path directory) {
		try {
			return new URLClassLoader(new URL[] { directory.toUri().toURL() }, Service.class.getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Service with(String... properties) {
		return new Service(this.runner.withPropertyValues(properties));
	}

	Service with(Class<?> configuration) {
		return new Service(this.runner.withUserConfiguration(configuration));
	}

	<T> Service with(Class<T> type, Supplier<T> bean) {
		return new Service(this.runner.withBean(type, bean));
	}

	/**
	 * Start, and stop at once.
	 * @return the status of the migration
	 */
	MigrationStatus start() {
		CompletableFuture<MigrationStatus> status = new CompletableFuture<>();
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			status.complete(context.getBean(MigrationGuard.class).getStatus().get(0));
		});
		return status.join();
	}

	/**
	 * Start on another thread, and stop at once.
	 * @return the status of the migration
	 */
	CompletableFuture<MigrationStatus> startInBackground() {
		return CompletableFuture.supplyAsync(this::start, (task) -> new Thread(task, "service").start());
	}

	/**
	 * Start in vain.
	 * @param type the type of the failure
	 * @param <T> the type of the failure
	 * @return the failure
	 */
	<T extends Throwable> T fail(Class<T> type) {
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		this.runner.run((context) -> failure.complete(context.getStartupFailure()));
		assertThat(failure.join()).isNotNull().cause().isInstanceOf(type);
		return type.cast(failure.join().getCause());
	}

	static void assertUntouched(TestDatabase database) {
		assertThat(database.client()
			.sql("select relname from pg_class where relnamespace = 'public'::regnamespace")
			.query(String.class)
			.list()).isEmpty();
		assertThat(database.advisoryLocks()).isEmpty();
	}

	static void awaitWaiters(TestDatabase database, int count) {
		Awaiting.await("waiters")
			.until(() -> database.sessions()
				.stream()
				.filter((session) -> session.applicationName().startsWith("mg:W"))
				.count() == count);
	}

}
