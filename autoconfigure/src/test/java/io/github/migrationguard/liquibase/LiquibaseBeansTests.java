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

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.Liquibase;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for which {@link SpringLiquibase} beans are guarded, and how they run if they are
 * not.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseBeansTests {

	private static final Changelog TABLE = Changelog.ofTables(1);

	private static final Changelog WRONG = Changelog.empty().changeSet("wrong", "create table wrong (id nonsense)");

	@TempDir
	private Path directory;

	@Test
	void beanWithProxyIsGuarded(TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database)).withUserConfiguration(Proxies.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(AopUtils.isCglibProxy(context.getBean(SpringLiquibase.class))).isTrue();
			assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
				.containsExactly(MigrationState.COMPLETED);
			assertThat(context.getBean(Proxies.class).calls).doesNotContain("afterPropertiesSet");
		});
	}

	@Test
	void initMethodOfBeanIsCalledAfterItsMigration(TestDatabase database) {
		for (ApplicationContextRunner runner : List.of(stock(TABLE), guarded(TABLE))) {
			database.clear();
			runner.withPropertyValues(properties(database))
				.withPropertyValues("migration-guard.startup.mode=in-refresh")
				.withUserConfiguration(InitMethod.class)
				.run((context) -> assertThat(context.getBean(CountingLiquibase.class).tables).isEqualTo(1));
		}
	}

	@ParameterizedTest
	@MethodSource
	void beanWithoutDataSourceRunsAsInStock(SpringLiquibase bean) {
		for (ApplicationContextRunner runner : List.of(stock(TABLE), guarded(TABLE))) {
			runner.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/none")
				.withBean(SpringLiquibase.class, () -> bean)
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	static Stream<SpringLiquibase> beanWithoutDataSourceRunsAsInStock() {
		return Stream.of(mock(SpringLiquibase.class), new SpringLiquibase() {

			@Override
			public void afterPropertiesSet() {
			}

		});
	}

	@Test
	void beanThatLacksItsDataSourceFailsAsInStock() {
		assertThat(failure(guarded(TABLE).withBean(SpringLiquibase.class)))
			.isEqualTo(failure(stock(TABLE).withBean(SpringLiquibase.class)));
	}

	@Test
	void failureOnAnotherDatabaseIsThatOfStock() {
		String h2 = "spring.datasource.url=jdbc:h2:mem:wrong";
		assertThat(failure(guarded(WRONG).withPropertyValues(h2)))
			.isEqualTo(failure(stock(WRONG).withPropertyValues(h2)))
			.contains("changelog.sql::wrong::test");
	}

	@Test
	void customizerIsCalledOnceAStartAndUnderTheLock(TestDatabase database) {
		List<Integer> locks = new ArrayList<>();
		Customizer<Liquibase> customizer = (liquibase) -> locks.add(database.advisoryLocks().size());
		for (int start = 1; start <= 2; start++) {
			guarded(TABLE).withPropertyValues(properties(database))
				.withBean(Customizer.class, () -> customizer)
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(locks).hasSize(start).allMatch((held) -> held > 0);
		}
	}

	@Test
	void customizerIsNotCalledByWhoOnlyWaits(TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database)).run((context) -> assertThat(context).hasNotFailed());
		Customizer<Liquibase> customizer = (liquibase) -> Assertions.fail("Called");
		guarded(TABLE).withPropertyValues(properties(database))
			.withPropertyValues("migration-guard.role=wait")
			.withBean(Customizer.class, () -> customizer)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void subclassMigratesSeveralSchemas(TestDatabase database) {
		List.of("one", "two").forEach((schema) -> database.client().sql("create schema " + schema).update());
		for (int start = 0; start < 2; start++) {
			guarded(TABLE).withPropertyValues(properties(database))
				.withUserConfiguration(SeveralSchemas.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
						.containsExactly(MigrationState.COMPLETED);
				});
		}
		assertThat(database.client()
			.sql("select count(*) from pg_tables where tablename in ('table_1', 'databasechangelog')"
					+ " and schemaname in ('one', 'two')")
			.query(Integer.class)
			.single()).isEqualTo(4);
		assertThat(database.client()
			.sql("select locked from one.databasechangeloglock union all select locked from two.databasechangeloglock")
			.query(Boolean.class)
			.list()).containsExactly(false, false);
	}

	@Test
	void lockOfAnotherSchemaThanTheFirstIsWaitedFor(TestDatabase database) {
		List.of("one", "two").forEach((schema) -> database.client().sql("create schema " + schema).update());
		ApplicationContextRunner runner = guarded(TABLE).withPropertyValues(properties(database))
			.withUserConfiguration(SeveralSchemas.class);
		runner.run((context) -> assertThat(context).hasNotFailed());
		database.client().sql("delete from two.databasechangelog").update();
		database.client().sql("drop table two.table_1").update();
		database.client()
			.sql("update two.databasechangeloglock set locked = true, lockedby = 'pod-7', lockgranted = now()")
			.update();
		runner.withPropertyValues("migration-guard.lock.wait-timeout=2s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(LockWaitTimeoutException.class,
						(ex) -> assertThat(ex.getToolLock().table()).isEqualTo("two.databasechangeloglock")));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rollbackFileIsWrittenBeforeThereIsAnything(boolean guarded, TestDatabase database) throws IOException {
		Path rollback = this.directory.resolve("rollback.sql");
		Changelog changelog = Changelog.empty()
			.changeSet("table", "create table undone (id int);\n--rollback drop table undone");
		(guarded ? guarded(changelog) : stock(changelog)).withPropertyValues(properties(database))
			.withPropertyValues("spring.liquibase.rollback-file=" + rollback)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(rollback).content().contains("drop table undone");
		assertThat(database.client().sql("select count(*) from undone").query(Integer.class).single()).isZero();
	}

	private static String failure(ApplicationContextRunner runner) {
		List<String> messages = new ArrayList<>();
		runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:none").run((context) -> {
			for (Throwable ex = context.getStartupFailure(); ex != null; ex = ex.getCause()) {
				messages.add(ex.getClass().getName() + ": " + ex.getMessage());
			}
		});
		return String.join("\n", messages);
	}

	private static String[] properties(TestDatabase database) {
		return new String[] { "spring.datasource.url=" + database.url(),
				"spring.datasource.username=" + database.username(),
				"spring.datasource.password=" + database.password() };
	}

	private ApplicationContextRunner guarded(Changelog changelog) {
		return stock(changelog).withConfiguration(
				AutoConfigurations.of(MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class));
	}

	private ApplicationContextRunner stock(Changelog changelog) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class))
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

	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		private final List<String> calls = new ArrayList<>();

		@Bean
		static BeanNameAutoProxyCreator proxyCreator() {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("liquibase");
			creator.setProxyTargetClass(true);
			creator.setInterceptorNames("interceptor");
			return creator;
		}

		@Bean
		MethodInterceptor interceptor() {
			return (call) -> {
				this.calls.add(call.getMethod().getName());
				return call.proceed();
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InitMethod {

		@Bean(initMethod = "count")
		CountingLiquibase liquibase(DataSource dataSource) {
			CountingLiquibase liquibase = new CountingLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/changelog.sql");
			return liquibase;
		}

	}

	static class CountingLiquibase extends SpringLiquibase {

		private int tables;

		void count() throws Exception {
			try (var connection = getDataSource().getConnection();
					var tables = connection.getMetaData().getTables(null, "public", "table_1", null)) {
				while (tables.next()) {
					this.tables++;
				}
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralSchemas {

		@Bean
		SpringLiquibase liquibase(DataSource dataSource) {
			SpringLiquibase liquibase = new SpringLiquibase() {

				@Override
				public void afterPropertiesSet() throws LiquibaseException {
					for (String schema : List.of("one", "two")) {
						setDefaultSchema(schema);
						setLiquibaseSchema(schema);
						super.afterPropertiesSet();
					}
				}

			};
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/changelog.sql");
			return liquibase;
		}

	}

}
