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

package io.github.migrationguard.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.actuate.MigrationsEndpoint;
import io.github.migrationguard.actuate.MigrationsEndpointAutoConfiguration;
import io.github.migrationguard.actuate.MigrationsHealthContributorAutoConfiguration;
import io.github.migrationguard.actuate.MigrationsMetricsAutoConfiguration;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.flyway.FlywayGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import liquibase.integration.spring.MultiTenantSpringLiquibase;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications in this JVM that start one after the other on one database, each with a
 * context of its own that is closed again. In every round they have something else to do.
 *
 * @author Migration Guard
 */
final class ConsecutiveRuns {

	/**
	 * How many applications start in a round.
	 */
	static final int RUNS_OF_ROUND = 6;

	private static final String CLEAN = """
			drop schema if exists tenant_a, tenant_b cascade;
			create schema tenant_a;
			create schema tenant_b;
			drop table if exists table_1, table_2, middle, last, databasechangelog, databasechangeloglock,
				flyway_schema_history""";

	private static final String GATE = "middle";

	private final TestDatabase database;

	private final Ledger ledger;

	private final ApplicationContextRunner current;

	private final ApplicationContextRunner broken;

	private final ApplicationContextRunner older;

	private final ApplicationContextRunner tenants;

	private int failed;

	/**
	 * Prepare the runs.
	 * @param database the database
	 * @param directory an empty directory
	 * @param older the migrations of the version before
	 * @param current the migrations, of which one passes the gate {@code middle}
	 * @param broken the migrations with one that fails
	 */
	ConsecutiveRuns(TestDatabase database, Path directory, Migrations older, Migrations current, Migrations broken) {
		this.database = database;
		this.ledger = Ledger.install(database);
		this.older = runner(directory.resolve("older"), older);
		this.current = runner(directory.resolve("current"), current);
		this.broken = runner(directory.resolve("broken"), broken);
		this.tenants = older.install(directory).containsKey("spring.liquibase.change-log")
				? this.older.withPropertyValues("spring.liquibase.enabled=false").withUserConfiguration(Tenants.class)
				: this.older;
	}

	private ApplicationContextRunner runner(Path directory, Migrations migrations) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					LiquibaseAutoConfiguration.class, FlywayAutoConfiguration.class,
					MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class,
					FlywayGuardAutoConfiguration.class, MigrationsEndpointAutoConfiguration.class,
					MigrationsHealthContributorAutoConfiguration.class, MigrationsMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, ObservationAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("spring.datasource.url=" + this.database.url(),
					"spring.datasource.username=" + this.database.username(),
					"spring.datasource.password=" + this.database.password(),
					"spring.datasource.hikari.maximum-pool-size=1",
					"management.endpoints.web.exposure.include=migrations",
					"management.metrics.use-global-registry=false")
			.withPropertyValues(install(migrations, directory))
			.withClassLoader(classLoader(directory));
	}

	private static String[] install(Migrations migrations, Path directory) {
		try {
			Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return migrations.install(directory)
			.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + entry.getValue())
			.toArray(String[]::new);
	}

	private static ClassLoader classLoader(Path directory) {
		try {
			return new URLClassLoader(new URL[] { directory.toUri().toURL() }, ConsecutiveRuns.class.getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start the applications of some rounds. The last ones of each find nothing to do: a
	 * run would make Liquibase forget what a look has left behind.
	 * @param rounds how many rounds
	 */
	void execute(int rounds) {
		for (int round = 0; round < rounds; round++) {
			this.database.client().sql(CLEAN).update();
			fail();
			this.tenants.run((context) -> assertThat(statuses(context)).isNotEmpty());
			migrateWhileAnotherWaits();
			endUpToDate(this.current);
			endUpToDate(this.current.withPropertyValues("migration-guard.role=wait"));
		}
	}

	private void fail() {
		this.broken.run((context) -> {
			assertThat(context).getFailure().rootCause().hasMessageContaining("division by zero");
			this.failed++;
		});
	}

	private void migrateWhileAnotherWaits() {
		Gate gate = this.ledger.close(GATE);
		CompletableFuture<Void> migrating = start(() -> this.current
			.run((context) -> assertThat(statuses(context)).containsExactly(MigrationState.COMPLETED)));
		gate.awaitArrival();
		CompletableFuture<Void> waiting = start(() -> endUpToDate(this.current));
		Awaiting.await("waiter")
			.until(() -> waiting.isDone() || this.database.sessions()
				.stream()
				.anyMatch((session) -> session.applicationName().startsWith("mg:W:")));
		gate.open();
		migrating.join();
		waiting.join();
	}

	private static CompletableFuture<Void> start(Runnable application) {
		return CompletableFuture.runAsync(application, (task) -> new Thread(task, "application").start());
	}

	private static void endUpToDate(ApplicationContextRunner runner) {
		runner.run((context) -> assertThat(statuses(context)).containsExactly(MigrationState.UP_TO_DATE));
	}

	/**
	 * Return the states, also as the endpoint asks for them.
	 */
	private static List<MigrationState> statuses(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(MigrationsEndpoint.class).migrations()).isNotNull();
		return context.getBean(MigrationGuard.class).getStatus().stream().map(MigrationStatus::state).toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Tenants {

		@Bean
		MultiTenantSpringLiquibase tenants(DataSource dataSource) {
			MultiTenantSpringLiquibase tenants = new MultiTenantSpringLiquibase();
			tenants.setDataSource(dataSource);
			tenants.setChangeLog("classpath:/changelog.sql");
			tenants.setSchemas(List.of("tenant_a", "tenant_b"));
			return tenants;
		}

	}

}
