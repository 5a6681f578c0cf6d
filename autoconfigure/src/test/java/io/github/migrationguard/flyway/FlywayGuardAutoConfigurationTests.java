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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link FlywayGuardAutoConfiguration} and {@link FlywayInterceptor}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class FlywayGuardAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
				MigrationGuardAutoConfiguration.class, FlywayGuardAutoConfiguration.class))
		.withPropertyValues("spring.flyway.locations=classpath:db/none",
				"spring.flyway.fail-on-missing-locations=false");

	@Test
	void backsOffWithoutFlyway() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Flyway.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:none")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FlywayInterceptor.class));
	}

	@Test
	void backsOffWithoutFlywaySupportOfSpringBoot() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(FlywayMigrationInitializer.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:none", "spring.flyway.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FlywayInterceptor.class));
	}

	@Test
	void backsOffWhenSwitchedOff() {
		this.contextRunner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:none", "migration-guard.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(FlywayInterceptor.class)
				.hasSingleBean(FlywayMigrationInitializer.class));
	}

	@Test
	void initializerOfAnotherDatabaseRunsAsEver() {
		AtomicInteger runs = new AtomicInteger();
		this.contextRunner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:none")
			.withBean(FlywayMigrationStrategy.class, () -> (flyway) -> runs.incrementAndGet())
			.run((context) -> {
				assertThat(context).hasSingleBean(FlywayInterceptor.class);
				assertThat(context.getBean(MigrationGuard.class).getMigrations()).isEmpty();
				assertThat(runs).hasValue(1);
			});
	}

	@Test
	void initializerIsRunOnceAlsoIfBeansAreLazy(TestDatabase database) {
		AtomicInteger runs = new AtomicInteger();
		postgres(database).withPropertyValues("spring.main.lazy-initialization=true")
			.withBean(FlywayMigrationStrategy.class, () -> (flyway) -> runs.incrementAndGet())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(runs).hasValue(1);
			});
	}

	@Test
	void initializerThatIsNoSingletonIsNotGuarded(TestDatabase database) {
		postgres(database).withUserConfiguration(Prototype.class).run((context) -> {
			assertThat(context.getBean(MigrationGuard.class).getMigrations()).isEmpty();
			context.getBean(FlywayMigrationInitializer.class);
			context.getBean(FlywayMigrationInitializer.class);
			assertThat(context.getBean(Prototype.class).runs).hasValue(2);
			assertState(context, "prototype", MigrationState.UNGUARDED);
		});
	}

	@Test
	void initializerOfFlywayThatIsNoBeanHasItsOwnName(TestDatabase database) {
		postgres(database).withUserConfiguration(TwoInitializersOfOneFlyway.class)
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus())
				.extracting((status) -> status.name())
				.containsExactly("flyway", "second"));
	}

	@Test
	void flywayThatHidesItsConfigurationIsRefused(TestDatabase database) {
		postgres(database).withUserConfiguration(HiddenConfiguration.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("do not override getConfiguration()"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "flyway", "flywayInitializer" })
	void beanWithProxyIsGuarded(String bean, TestDatabase database) {
		postgres(database).withBean(BeanNameAutoProxyCreator.class, () -> {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames(bean);
			creator.setProxyTargetClass(true);
			creator.setInterceptorNames("interceptor");
			return creator;
		}).withBean("interceptor", MethodInterceptor.class, () -> MethodInvocation::proceed).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(AopUtils.isCglibProxy(context.getBean(bean))).isTrue();
			assertThat(context.getBean(MigrationGuard.class).getStatus()).hasSize(1)
				.allSatisfy((status) -> assertThat(status.state()).isEqualTo(MigrationState.COMPLETED));
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void beanWithInitMethodIsGuarded(boolean lazy, CapturedOutput output, TestDatabase database) {
		postgres(database).withUserConfiguration(InitMethod.class)
			.withPropertyValues("spring.main.lazy-initialization=" + lazy)
			.run((context) -> {
				assertState(context, "own", MigrationState.COMPLETED);
				context.getBean(Flyway.class).migrate();
				assertState(context, "own", MigrationState.COMPLETED);
			});
		assertThat(output).containsOnlyOnce("Creating Schema History table");
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnCall.class, Wrapper.class })
	void beanThatRunsFlywayByItselfIsNamed(Class<?> configuration, CapturedOutput output, TestDatabase database) {
		ApplicationContextRunner runner = postgres(database).withPropertyValues("spring.flyway.enabled=false")
			.withUserConfiguration(configuration);
		runner.run((context) -> assertState(context, "own", MigrationState.UNGUARDED));
		assertThat(output).containsOnlyOnce("Migration 'own' is not guarded: " + configuration.getName());
		runner.withClassLoader(new FilteredClassLoader(FlywayMigrationInitializer.class))
			.run((context) -> assertState(context, "own", MigrationState.UNGUARDED));
	}

	@Test
	void beanThatRunsFlywayOnAnotherDatabaseIsNotNamed(CapturedOutput output) {
		this.contextRunner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:own")
			.withUserConfiguration(OwnCall.class)
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty());
		assertThat(output).doesNotContain("not guarded");
	}

	private static void assertState(AssertableApplicationContext context, String name, MigrationState state) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(MigrationGuard.class).getStatus())
			.extracting(MigrationStatus::name, MigrationStatus::state)
			.containsExactly(tuple(name, state));
	}

	@Test
	void failureOnAnotherDatabaseIsThatOfStock() {
		assertThat(failure(this.contextRunner))
			.isEqualTo(failure(this.contextRunner.withPropertyValues("migration-guard.enabled=false")))
			.contains("what is wrong");
	}

	private static String failure(ApplicationContextRunner runner) {
		List<String> messages = new ArrayList<>();
		runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:wrong")
			.withBean(FlywayMigrationStrategy.class, () -> (flyway) -> {
				throw new FlywayException("what is wrong");
			})
			.run((context) -> {
				for (Throwable ex = context.getStartupFailure(); ex != null; ex = ex.getCause()) {
					messages.add(ex.getClass().getName() + ": " + ex.getMessage());
				}
			});
		return String.join("\n", messages);
	}

	private ApplicationContextRunner postgres(TestDatabase database) {
		return this.contextRunner.withPropertyValues("spring.datasource.url=" + database.url(),
				"spring.datasource.username=" + database.username(),
				"spring.datasource.password=" + database.password());
	}

	private static Flyway load(DataSource dataSource) {
		return Flyway.configure()
			.dataSource(dataSource)
			.locations("classpath:db/none")
			.failOnMissingLocations(false)
			.load();
	}

	@Configuration(proxyBeanMethods = false)
	static class Prototype {

		private final AtomicInteger runs = new AtomicInteger();

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		FlywayMigrationInitializer prototype(Flyway flyway) {
			return new FlywayMigrationInitializer(flyway, (given) -> this.runs.incrementAndGet());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class InitMethod {

		@Bean(initMethod = "migrate")
		Flyway own(DataSource dataSource) {
			return load(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCall {

		@Bean
		Flyway own(DataSource dataSource) {
			Flyway flyway = load(dataSource);
			flyway.migrate();
			return flyway;
		}

	}

	@Component("own")
	static class Wrapper {

		Wrapper(DataSource dataSource) {
			load(dataSource).migrate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenConfiguration {

		@Bean
		FlywayMigrationInitializer initializer(DataSource dataSource) {
			return new FlywayMigrationInitializer(new Flyway(Flyway.configure().dataSource(dataSource)) {

				@Override
				public org.flywaydb.core.api.configuration.Configuration getConfiguration() {
					return Flyway.configure().configuration(super.getConfiguration());
				}

			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoInitializersOfOneFlyway {

		@Bean
		FlywayMigrationInitializer first(Flyway flyway) {
			return new FlywayMigrationInitializer(flyway);
		}

		@Bean
		FlywayMigrationInitializer second(Flyway flyway) {
			return new FlywayMigrationInitializer(flyway);
		}

	}

}
