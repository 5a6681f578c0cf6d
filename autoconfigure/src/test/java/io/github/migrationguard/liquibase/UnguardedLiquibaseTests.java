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

import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;

/**
 * Tests for what is told of runs of Liquibase that are not guarded.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class UnguardedLiquibaseTests {

	private static final Changelog TABLE = Changelog.ofTables(1);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(
			classes = { WrapperBean.class, WrapperInFactoryMethod.class, WrapperOnThread.class, WrapperRunner.class })
	void beanThatRunsLiquibaseByItselfIsNamed(Class<?> configuration, CapturedOutput output, TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database))
			.withPropertyValues("spring.liquibase.enabled=false")
			.withUserConfiguration(configuration)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				for (ApplicationRunner runner : context.getBeansOfType(ApplicationRunner.class).values()) {
					runner.run(null);
				}
				assertUnguarded(context, "wrapper");
				assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).error().message())
					.startsWith(configuration.getName())
					.endsWith("runs liquibase by itself");
			});
		assertThat(output.toString().split("Migration 'wrapper' is not guarded", -1)).hasSize(2);
		assertThat(database.client().sql("select count(*) from table_1").query(Integer.class).single()).isZero();
	}

	@Test
	void beanThatIsNoSingletonIsNamed(TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database))
			.withPropertyValues("spring.liquibase.enabled=false")
			.withUserConfiguration(Prototype.class)
			.run((context) -> {
				assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty();
				context.getBean("prototype");
				assertUnguarded(context, "prototype");
			});
	}

	@Test
	void beanOfParentContextIsNamedUnlessItIsGuardedThere(TestDatabase database) {
		stock(TABLE).withPropertyValues(properties(database))
			.run((parent) -> guarded(TABLE).withParent(parent).run((context) -> assertUnguarded(context, "liquibase")));
		guarded(TABLE).withPropertyValues(properties(database))
			.run((parent) -> guarded(TABLE).withParent(parent)
				.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus())
					.extracting(MigrationStatus::state)
					.containsExactly(MigrationState.UP_TO_DATE)));
	}

	@Test
	void beanWhoseConnectionsHidePostgresIsNamed(CapturedOutput output, TestDatabase database) {
		guarded(TABLE).withBean(DataSource.class, () -> new HidingDataSource(database.dataSource()))
			.run((context) -> assertUnguarded(context, "liquibase"));
		assertThat(output).containsOnlyOnce("Migration 'liquibase' is not guarded: its connections are not those of");
	}

	@Test
	void beanOfUnknownVersionRunsAndIsNamed(CapturedOutput output, TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database))
			.withBean("liquibase", OtherLiquibase.class)
			.run((context) -> {
				assertUnguarded(context, "liquibase");
				assertThat(context.getBean(OtherLiquibase.class).ran).isTrue();
			});
		assertThat(output).containsOnlyOnce(
				"Migration 'liquibase' is not guarded: this version of liquibase is not known (No field 'renamed')");
	}

	@Test
	void runOfNoBeanIsToldAndShownByNobody(CapturedOutput output, TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database))
			.withPropertyValues("spring.liquibase.enabled=false")
			.run((context) -> {
				migrate(context.getBean(DataSource.class));
				assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty();
			});
		assertThat(output).contains("A run of liquibase is not guarded: it is called by " + getClass().getName());
	}

	@Test
	void runsOfOtherDatabasesAndOfClosedApplicationsAreNotTold(CapturedOutput output, TestDatabase database) {
		guarded(TABLE).withPropertyValues("spring.datasource.url=jdbc:h2:mem:wrapper", "spring.liquibase.enabled=false")
			.withUserConfiguration(WrapperBean.class)
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty());
		migrate(database.dataSource(), classLoader());
		assertThat(output).doesNotContain("not guarded");
	}

	@Test
	void guardedRunsAreNotTold(CapturedOutput output, TestDatabase database) {
		guarded(TABLE).withPropertyValues(properties(database))
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus())
				.extracting(MigrationStatus::state)
				.containsExactly(MigrationState.COMPLETED));
		assertThat(output).doesNotContain("not guarded");
	}

	private static void assertUnguarded(AssertableApplicationContext context, String name) {
		assertThat(context.getBean(MigrationGuard.class).getStatus())
			.extracting(MigrationStatus::name, MigrationStatus::state)
			.containsExactly(tuple(name, MigrationState.UNGUARDED));
		assertThat(context.getBean(MigrationGuard.class).isDone()).isTrue();
	}

	private static void migrate(DataSource dataSource) {
		migrate(dataSource, Thread.currentThread().getContextClassLoader());
	}

	private static void migrate(DataSource dataSource, ClassLoader classLoader) {
		SpringLiquibase liquibase = new SpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:/changelog.sql");
		liquibase.setResourceLoader(new DefaultResourceLoader(classLoader));
		try {
			liquibase.afterPropertiesSet();
		}
		catch (LiquibaseException ex) {
			throw new IllegalStateException(ex);
		}
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
	static class WrapperBean {

		@Bean
		Object wrapper(DataSource dataSource) {
			return new Wrapper(dataSource);
		}

		static class Wrapper implements InitializingBean {

			private final DataSource dataSource;

			Wrapper(DataSource dataSource) {
				this.dataSource = dataSource;
			}

			@Override
			public void afterPropertiesSet() {
				migrate(this.dataSource);
			}

		}

	}

	@Configuration
	static class WrapperInFactoryMethod {

		@Bean
		Object wrapper(DataSource dataSource) {
			migrate(dataSource);
			return new Object();
		}

	}

	@Component("wrapper")
	static class WrapperOnThread {

		WrapperOnThread(DataSource dataSource) {
			ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
			CompletableFuture.runAsync(() -> migrate(dataSource, classLoader)).join();
		}

	}

	@Component("wrapper")
	static class WrapperRunner implements ApplicationRunner {

		private final DataSource dataSource;

		WrapperRunner(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Override
		public void run(ApplicationArguments args) {
			migrate(this.dataSource);
			migrate(this.dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		SpringLiquibase prototype(DataSource dataSource) {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/changelog.sql");
			return liquibase;
		}

	}

	static class HidingDataSource extends DelegatingDataSource {

		HidingDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> method.getName().equals("isWrapperFor") ? false
							: method.invoke(connection, arguments));
		}

	}

	/**
	 * Fails where what is looked up in a bean is not there.
	 */
	static class OtherLiquibase extends SpringLiquibase {

		private boolean asked;

		private boolean ran;

		@Override
		public DataSource getDataSource() {
			if (this.asked) {
				throw new ExceptionInInitializerError(new IllegalStateException("No field 'renamed'"));
			}
			this.asked = true;
			return mock();
		}

		@Override
		public void afterPropertiesSet() {
			this.ran = true;
		}

	}

}
