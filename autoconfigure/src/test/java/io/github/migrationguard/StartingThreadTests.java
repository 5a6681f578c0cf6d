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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.flyway.FlywayGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.startup.FirstStatement;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.exception.ValidationErrors;
import liquibase.integration.spring.SpringLiquibase;
import liquibase.resource.ResourceAccessor;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what belongs to the thread that starts the application, which is what code of
 * the user sees while it migrates.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class StartingThreadTests {

	private static final String STARTER = "starting-thread";

	private static final ThreadLocal<String> tenant = new ThreadLocal<>();

	private static final InheritableThreadLocal<String> user = new InheritableThreadLocal<>();

	private static final List<Seen> seen = new ArrayList<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void start() {
		tenant.set("b");
		user.set("admin");
		MDC.put("request", "42");
		TransactionSynchronizationManager.bindResource(StartingThreadTests.class, "bound");
	}

	@AfterEach
	void end() {
		TransactionSynchronizationManager.unbindResource(StartingThreadTests.class);
		MDC.remove("request");
		user.remove();
		tenant.remove();
		seen.clear();
	}

	@ParameterizedTest
	@EnumSource
	void decidesWhichDatabaseIsMigrated(MigrationTool tool, TestDatabase database) {
		for (String schema : List.of("a", "b")) {
			database.client().sql("create schema " + schema).update();
		}
		runner(database, tool.unit("orders", "create table orders (id int)").install(this.directory))
			.withBean(DataSource.class, () -> new Routing(database))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(database.client()
			.sql("select schemaname from pg_tables where tablename = 'orders'")
			.query(String.class)
			.list()).containsExactly("b");
	}

	@ParameterizedTest
	@EnumSource
	void codeOfTheUserSeesWhatItHas(MigrationTool tool, TestDatabase database) {
		runner(database, looking(tool)).withBean(V1__look.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(seen).containsExactly(new Seen(Thread.currentThread(), "b", "admin", "42", "bound"));
		assertThat(user.get()).isEqualTo("changed by the migration");
	}

	@Test
	void isReleasedWhenContextIsClosedWhileItWaitsForTheLock(TestDatabase database) throws Exception {
		LockKey key = LockKey.of("\"public\".\"databasechangeloglock\"", "public.databasechangeloglock");
		try (Connection stranger = database.connect(); Statement statement = stranger.createStatement()) {
			statement.execute("select pg_advisory_lock(%d, %d)".formatted(key.namespace(), key.hash()));
			assertThatCloseReleases(runner(database, orders()),
					() -> Awaiting.await("a waiter").until(() -> database.advisoryLocks().size() == 1));
		}
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
	}

	@Test
	void isReleasedWhenContextIsClosedWhileItConnects(TestDatabase database) throws Exception {
		try (ServerSocket silent = new ServerSocket(0)) {
			assertThatCloseReleases(runner(database, orders()).withPropertyValues(
					"spring.datasource.url=jdbc:postgresql://localhost:%d/orders".formatted(silent.getLocalPort())),
					() -> silent.accept().getPort());
		}
	}

	@Test
	void isReleasedWhenContextIsClosedWhileAnotherThreadMigrates(TestDatabase database) throws Exception {
		LockKey key = LockKey.of("\"public\".\"databasechangeloglock\"", "public.databasechangeloglock");
		try (Connection stranger = database.connect(); Statement statement = stranger.createStatement()) {
			statement.execute("select pg_advisory_lock(%d, %d)".formatted(key.namespace(), key.hash()));
			assertThatCloseReleases(runner(database, orders()).withUserConfiguration(ThreadThatReads.class)
				.withBean(StartupPlan.class, () -> new StartupPlan(StartupMode.AUTO, "test")), () -> {
					Awaiting.await("a waiter").until(() -> database.advisoryLocks().size() == 1);
					Awaiting.await("a starting thread that waits for it").until(StartingThreadTests::isWaitingForOther);
				});
			Awaiting.await("the end of the run").until(() -> database.advisoryLocks().isEmpty());
		}
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
	}

	private static boolean isWaitingForOther() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().equals(STARTER))
			.flatMap((thread) -> Stream.of(thread.getValue()))
			.anyMatch((frame) -> frame.getClassName().equals(FirstStatement.class.getName())
					&& frame.getMethodName().equals("begin"));
	}

	private Map<String, Object> orders() {
		return MigrationTool.LIQUIBASE.unit("orders", "create table orders (id int)").install(this.directory);
	}

	private static void assertThatCloseReleases(ApplicationContextRunner runner, ThrowingRunnable arrival)
			throws Exception {
		CompletableFuture<ConfigurableApplicationContext> context = new CompletableFuture<>();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		new Thread(() -> runner.withInitializer(context::complete)
			.run((started) -> failure.complete(started.getStartupFailure())), STARTER).start();
		arrival.run();
		context.join().close();
		assertThat(failure).succeedsWithin(Duration.ofMinutes(1))
			.extracting(Throwable::getCause)
			.isInstanceOf(MigrationStoppedException.class);
	}

	private Map<String, Object> looking(MigrationTool tool) {
		return (tool == MigrationTool.FLYWAY) ? Map.of("spring.liquibase.enabled", false)
				: Map.of("spring.flyway.enabled", false, "spring.liquibase.change-log", changelog());
	}

	private String changelog() {
		String content = """
				databaseChangeLog:
				- changeSet:
				    id: look
				    author: test
				    changes:
				    - customChange: {class: %s}
				""".formatted(LookingChange.class.getName());
		try {
			return "file:" + Files.writeString(this.directory.resolve("changelog.yaml"), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ApplicationContextRunner runner(TestDatabase database, Map<String, Object> tool) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					LiquibaseAutoConfiguration.class, MigrationGuardAutoConfiguration.class,
					FlywayGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("tool", tool)))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password());
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void look() {
		seen.add(new Seen(Thread.currentThread(), tenant.get(), user.get(), MDC.get("request"),
				TransactionSynchronizationManager.getResource(StartingThreadTests.class)));
		user.set("changed by the migration");
	}

	@FunctionalInterface
	private interface ThrowingRunnable {

		void run() throws Exception;

	}

	private record Seen(Thread thread, String tenant, String user, String request, Object resource) {

	}

	/**
	 * Has a schema for each tenant.
	 */
	private static final class Routing extends AbstractRoutingDataSource {

		Routing(TestDatabase database) {
			setTargetDataSources(Map.of("a", schema(database, "a"), "b", schema(database, "b")));
			setDefaultTargetDataSource(schema(database, "a"));
		}

		private static DataSource schema(TestDatabase database, String schema) {
			String url = database.url();
			return new DriverManagerDataSource(url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema,
					database.username(), database.password());
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return tenant.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThreadThatReads {

		@Bean
		Thread reader(DataSource dataSource, SpringLiquibase liquibase) {
			Thread reader = new Thread(() -> new JdbcTemplate(dataSource).execute("select 1"), "reader");
			reader.start();
			Awaiting.await("the run of the reader").until(() -> reader.getState() == Thread.State.WAITING);
			return reader;
		}

	}

	static class V1__look extends BaseJavaMigration {

		@Override
		public void migrate(Context context) {
			look();
		}

	}

	/**
	 * Looks around.
	 */
	public static class LookingChange implements CustomTaskChange {

		@Override
		public void execute(Database database) {
			look();
		}

		@Override
		public String getConfirmationMessage() {
			return "Looked";
		}

		@Override
		public void setUp() {
		}

		@Override
		public void setFileOpener(ResourceAccessor resourceAccessor) {
		}

		@Override
		public ValidationErrors validate(Database database) {
			return new ValidationErrors();
		}

	}

}
