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

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.DataSourceKind;
import io.github.migrationguard.testsupport.DataSourceKind.OpenDataSource;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Stranger;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.Witness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for whose connection migrates: the one of Flyway's own data source, whatever kind
 * that is and wherever it is configured.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class FlywayDataSourceTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"flyway_schema_history\"",
			"public.flyway_schema_history");

	private static final FlywayScripts WITNESS = FlywayScripts.empty().versioned("witness", Witness.SQL);

	private static final String UNREACHABLE = "jdbc:postgresql://localhost:1/orders";

	@TempDir
	private Path directory;

	private String owner;

	private Witness witness;

	@BeforeEach
	void createOwner(TestDatabase database) {
		this.witness = new Witness(database);
		this.owner = database.createRole("schema_owner", "login");
		database.superuser().sql("grant %s to %s".formatted(this.owner, database.username())).update();
		database.superuser().sql("grant create, usage on schema public to " + this.owner).update();
	}

	@ParameterizedTest
	@EnumSource(names = { "HIKARI_WITHOUT_AUTO_COMMIT", "TOMCAT", "C3P0", "AGROAL", "SINGLE_CONNECTION", "LAZY",
			"ROUTING", "SPY", "OPAQUE" })
	void sessionFollowsDataSource(DataSourceKind kind, TestDatabase database) throws Exception {
		try (OpenDataSource open = kind.open(database, this.owner); Stranger stranger = new Stranger(database, KEY)) {
			List<Map<String, String>> before = open.borrow();
			CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runner()
				.withInitializer(
						(context) -> context.getBeanFactory().registerSingleton("dataSource", open.dataSource()))
				.run((context) -> assertState(context, MigrationState.COMPLETED)));
			Awaiting.await("a waiter").until(() -> database.advisoryLocks().size() == 1 || run.isDone());
			stranger.unlock();
			run.join();
			this.witness.assertMigratedBy(database.username(), this.owner);
			assertThat(this.witness.tenant()).isEqualTo("acme");
			assertThat(database.advisoryLocks()).isEmpty();
			assertThat(open.borrow()).isEqualTo(before);
		}
	}

	@Test
	void urlOfFlyway(TestDatabase database) {
		runner()
			.withPropertyValues("spring.datasource.url=" + UNREACHABLE, "spring.flyway.url=" + database.url(),
					"spring.flyway.user=" + this.owner, "spring.flyway.password=" + database.password())
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void userOfFlyway(TestDatabase database) {
		String application = database.createRole("application", "login");
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			runner().withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + application, "spring.datasource.password=" + database.password(),
					"spring.flyway.user=" + this.owner, "spring.flyway.password=" + database.password())
				.run((context) -> assertState(context, state));
		}
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void dataSourceOfFlyway(TestDatabase database) {
		runner().withPropertyValues("spring.datasource.url=" + UNREACHABLE)
			.withBean("migrationDataSource", DataSource.class, () -> dataSource(database),
					FlywayDataSourceTests::onlyForFlyway)
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void connectionDetails(TestDatabase database) {
		runner().withBean(JdbcConnectionDetails.class, () -> new JdbcConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return database.url();
			}

			@Override
			public String getUsername() {
				return FlywayDataSourceTests.this.owner;
			}

			@Override
			public String getPassword() {
				return database.password();
			}

		}).run((context) -> assertState(context, MigrationState.COMPLETED));
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void connectionDetailsOfFlyway(TestDatabase database) {
		runner().withPropertyValues("spring.datasource.url=" + UNREACHABLE)
			.withBean(FlywayConnectionDetails.class, () -> new FlywayConnectionDetails() {

				@Override
				public String getJdbcUrl() {
					return database.url();
				}

				@Override
				public String getUsername() {
					return FlywayDataSourceTests.this.owner;
				}

				@Override
				public String getPassword() {
					return database.password();
				}

			})
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void initSqlOfFlyway(TestDatabase database) {
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			runner().withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(), "spring.datasource.hikari.maximum-pool-size=1",
					"spring.flyway.init-sqls=set role " + this.owner)
				.run((context) -> assertState(context, state));
		}
		this.witness.assertMigratedBy(database.username(), this.owner);
	}

	@ParameterizedTest
	@EnumSource
	void everyQueryMode(PreferQueryMode mode, TestDatabase database) {
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			runner()
				.withPropertyValues("spring.datasource.url=" + database.url() + "?preferQueryMode=" + mode.value(),
						"spring.datasource.username=" + database.username(),
						"spring.datasource.password=" + database.password())
				.run((context) -> assertState(context, state));
		}
	}

	private static void onlyForFlyway(BeanDefinition definition) {
		AbstractBeanDefinition bean = (AbstractBeanDefinition) definition;
		bean.addQualifier(new AutowireCandidateQualifier(FlywayDataSource.class));
		bean.setDefaultCandidate(false);
	}

	private PGSimpleDataSource dataSource(TestDatabase database) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.url());
		dataSource.setUser(this.owner);
		dataSource.setPassword(database.password());
		return dataSource;
	}

	private ApplicationContextRunner runner() {
		WITNESS.install(this.directory);
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					MigrationGuardAutoConfiguration.class, FlywayGuardAutoConfiguration.class))
			.withClassLoader(classLoader());
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertState(AssertableApplicationContext context, MigrationState state) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(MigrationGuard.class).getStatus()).hasSize(1)
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(state));
	}

}
