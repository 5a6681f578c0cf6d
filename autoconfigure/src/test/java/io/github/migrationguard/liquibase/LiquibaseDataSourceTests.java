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

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.DataSourceKind;
import io.github.migrationguard.testsupport.DataSourceKind.OpenDataSource;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Stranger;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.Witness;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.DataSourceClosingSpringLiquibase;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseDataSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for whose connection migrates: the one of Liquibase's own data source, whatever
 * kind that is and wherever it is configured.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseDataSourceTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	private static final Changelog WITNESS = Changelog.empty().changeSet("witness", Witness.SQL);

	private static final Changelog LOST = Changelog.empty()
		.changeSet("lost", "set role none;\nselect pg_terminate_backend(pg_backend_pid())");

	private static final Changelog LEAVING = Changelog.empty().changeSet("leaving", """
			set app.rest = 'x';
			set app.tenant = 'other';
			set search_path = pg_catalog;
			prepare left_behind as select 1;
			create temp table left_behind (id int);
			listen left_behind;
			set role none""");

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
	@EnumSource
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

	@ParameterizedTest
	@EnumSource(names = { "HIKARI", "TOMCAT", "DBCP2", "C3P0", "AGROAL", "LAZY", "ROUTING", "SPY", "OPAQUE" })
	void dataSourceIsUsableAfterSessionWasLost(DataSourceKind kind, TestDatabase database) throws Exception {
		try (OpenDataSource open = kind.open(database, this.owner)) {
			List<Map<String, String>> before = open.borrow();
			runner(LOST)
				.withInitializer(
						(context) -> context.getBeanFactory().registerSingleton("dataSource", open.dataSource()))
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("terminating connection due to administrator command"));
			assertThat(open.borrow()).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "SINGLE_CONNECTION")
	void nothingIsLeftInSessionOfDataSource(DataSourceKind kind, TestDatabase database) throws Exception {
		try (OpenDataSource open = kind.open(database, this.owner)) {
			List<Map<String, String>> before = open.borrow();
			runner(LEAVING)
				.withInitializer(
						(context) -> context.getBeanFactory().registerSingleton("dataSource", open.dataSource()))
				.run((context) -> assertState(context, MigrationState.COMPLETED));
			assertThat(open.borrow()).isEqualTo(before);
		}
	}

	@Test
	void urlOfLiquibase(TestDatabase database) {
		runner()
			.withPropertyValues("spring.datasource.url=" + UNREACHABLE, "spring.liquibase.url=" + database.url(),
					"spring.liquibase.user=" + this.owner, "spring.liquibase.password=" + database.password())
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void userOfLiquibase(TestDatabase database) {
		String application = database.createRole("application", "login");
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			runner().withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + application, "spring.datasource.password=" + database.password(),
					"spring.liquibase.user=" + this.owner, "spring.liquibase.password=" + database.password())
				.run((context) -> assertState(context, state));
		}
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void dataSourceOfLiquibase(TestDatabase database) {
		runner().withPropertyValues("spring.datasource.url=" + UNREACHABLE)
			.withBean("migrationDataSource", DataSource.class, () -> dataSource(database),
					LiquibaseDataSourceTests::onlyForLiquibase)
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
				return LiquibaseDataSourceTests.this.owner;
			}

			@Override
			public String getPassword() {
				return database.password();
			}

		}).run((context) -> assertState(context, MigrationState.COMPLETED));
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void connectionDetailsOfLiquibase(TestDatabase database) {
		runner().withPropertyValues("spring.datasource.url=" + UNREACHABLE)
			.withBean(LiquibaseConnectionDetails.class, () -> new LiquibaseConnectionDetails() {

				@Override
				public String getJdbcUrl() {
					return database.url();
				}

				@Override
				public String getUsername() {
					return LiquibaseDataSourceTests.this.owner;
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
	void dataSourceIsClosedOnceMigratedIfLiquibaseIsToldSo(TestDatabase database) {
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			HikariDataSource pool = pool(database);
			runner().withBean(SpringLiquibase.class, () -> closingLiquibase(pool)).run((context) -> {
				assertState(context, state);
				assertThat(pool.isClosed()).isTrue();
			});
		}
		this.witness.assertMigratedBy(this.owner, this.owner);
	}

	@Test
	void dataSourceStaysOpenIfSomethingElseNeedsIt(TestDatabase database) {
		HikariDataSource pool = pool(database);
		DataSourceClosingSpringLiquibase liquibase = closingLiquibase(pool);
		liquibase.setCloseDataSourceOnceMigrated(false);
		runner().withBean(SpringLiquibase.class, () -> liquibase).run((context) -> {
			assertState(context, MigrationState.COMPLETED);
			assertThat(pool.isClosed()).isFalse();
		});
		assertThat(pool.isClosed()).isTrue();
	}

	private static void onlyForLiquibase(BeanDefinition definition) {
		AbstractBeanDefinition bean = (AbstractBeanDefinition) definition;
		bean.addQualifier(new AutowireCandidateQualifier(LiquibaseDataSource.class));
		bean.setDefaultCandidate(false);
	}

	private HikariDataSource pool(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(dataSource(database));
		return pool;
	}

	private PGSimpleDataSource dataSource(TestDatabase database) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.url());
		dataSource.setUser(this.owner);
		dataSource.setPassword(database.password());
		return dataSource;
	}

	private static DataSourceClosingSpringLiquibase closingLiquibase(DataSource dataSource) {
		DataSourceClosingSpringLiquibase liquibase = new DataSourceClosingSpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:/changelog.sql");
		return liquibase;
	}

	private ApplicationContextRunner runner() {
		return runner(WITNESS);
	}

	private ApplicationContextRunner runner(Changelog changelog) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.liquibase.change-log=" + changelog.writeTo(this.directory));
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
