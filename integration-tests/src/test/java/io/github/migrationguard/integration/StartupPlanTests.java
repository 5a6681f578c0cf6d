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

package io.github.migrationguard.integration;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupPlan}: every rule, seen both ways.
 *
 * @author Migration Guard
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupPlanTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class));

	@Test
	void nothingReadsTheSchema() {
		this.contextRunner.run((context) -> {
			assertPlan(context, null);
			ConditionEvaluationReport report = ConditionEvaluationReport.get(context.getBeanFactory());
			assertThat(report.getConditionAndOutcomesBySource().get("migration-guard.startup.mode"))
				.extracting((conditionAndOutcome) -> conditionAndOutcome.getOutcome().getMessage())
				.contains("JpaSchemaReaderDetector found nothing that reads the schema while beans are created");
		});
	}

	@ParameterizedTest
	@CsvSource({ "gate,GATE", "in-refresh,IN_REFRESH" })
	void configuredModeWins(String value, StartupMode mode) {
		this.contextRunner.withUserConfiguration(AnnotatedConfiguration.class)
			.withPropertyValues("migration-guard.startup.mode=" + value)
			.run((context) -> assertThat(context.getBean(StartupPlan.class))
				.isEqualTo(new StartupPlan(mode, "migration-guard.startup.mode=" + value)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.jpa.hibernate.ddl-auto=update", "spring.jpa.hibernate.ddl-auto=create-drop",
			"spring.jpa.properties.hibernate.hbm2ddl.auto=create", "spring.jpa.generate-ddl=true",
			"spring.jpa.properties.jakarta.persistence.schema-generation.database.action=create" })
	void jpaThatChangesTheSchema(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> assertPlan(context, null));
		this.contextRunner.withUserConfiguration(JpaConfiguration.class)
			.withPropertyValues(property)
			.run((context) -> assertPlan(context, property));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.jpa.hibernate.ddl-auto=none", "spring.jpa.generate-ddl=false",
			"spring.jpa.show-sql=true" })
	void jpaThatLeavesTheSchemaAlone(String property) {
		this.contextRunner.withUserConfiguration(JpaConfiguration.class)
			.withPropertyValues(property)
			.run((context) -> assertPlan(context, null));
	}

	@Test
	void jpaThatValidatesTheSchemaWithoutDeferral() {
		String property = "spring.jpa.hibernate.ddl-auto=validate";
		this.contextRunner.withUserConfiguration(JpaConfiguration.class)
			.withPropertyValues(property)
			.run((context) -> assertThat(context.getBean(StartupPlan.class).isInRefresh()).isFalse());
		this.contextRunner.withUserConfiguration(JpaConfiguration.class)
			.withPropertyValues(property, "migration-guard.startup.defer-schema-validation=false")
			.run((context) -> assertPlan(context, property));
	}

	@Test
	void quartzWithStoredJobs() {
		this.contextRunner.withUserConfiguration(QuartzConfiguration.class).run((context) -> assertPlan(context, null));
		this.contextRunner.withPropertyValues("spring.quartz.job-store-type=jdbc")
			.run((context) -> assertPlan(context, null));
		this.contextRunner.withUserConfiguration(QuartzConfiguration.class)
			.withPropertyValues("spring.quartz.job-store-type=jdbc")
			.run((context) -> assertPlan(context, "spring.quartz.job-store-type=jdbc with beans for jobs"));
	}

	@Test
	void annotatedBean() {
		this.contextRunner.withUserConfiguration(AnnotatedConfiguration.class)
			.run((context) -> assertPlan(context, "@DependsOnDatabaseInitialization on reader"));
	}

	@Test
	void beanThatDependsOnMigrations() {
		this.contextRunner.withUserConfiguration(DependentConfiguration.class)
			.run((context) -> assertPlan(context, "@DependsOn on reader"));
	}

	@Test
	void namedBeans(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(DependentConfiguration.class)
			.withPropertyValues("migration-guard.startup.schema-readers=other")
			.run((context) -> assertPlan(context,
					"@DependsOn on reader; migration-guard.startup.schema-readers=other"));
		this.contextRunner.withPropertyValues("migration-guard.startup.schema-readers=other")
			.run((context) -> assertPlan(context, null));
		assertThat(output).containsOnlyOnce("No bean has the name 'other', which is in");
	}

	@Test
	void scriptsOfSpringBoot() {
		ApplicationContextRunner scripts = this.contextRunner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceInitializationAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:scripts");
		scripts.run((context) -> assertPlan(context, null));
		scripts.withPropertyValues("spring.sql.init.mode=always").run((context) -> assertPlan(context, null));
		scripts
			.withPropertyValues("spring.sql.init.mode=always",
					"spring.sql.init.data-locations=optional:classpath:none.sql")
			.run((context) -> assertPlan(context, "spring.sql.init.mode=always with scripts"));
	}

	@Test
	void ruleOfLibrary() {
		this.contextRunner.withPropertyValues("library.reads-schema=true")
			.run((context) -> assertPlan(context, "the library"));
	}

	@Test
	void severalReasons() {
		this.contextRunner.withUserConfiguration(AnnotatedConfiguration.class, JpaConfiguration.class)
			.withPropertyValues("spring.jpa.hibernate.ddl-auto=update")
			.run((context) -> assertPlan(context,
					"@DependsOnDatabaseInitialization on reader; spring.jpa.hibernate.ddl-auto=update"));
	}

	private static void assertPlan(AssertableApplicationContext context, @Nullable String reason) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(StartupPlan.class))
			.isEqualTo((reason != null) ? new StartupPlan(StartupMode.IN_REFRESH, reason)
					: new StartupPlan(StartupMode.GATE, "nothing is known to read the schema while beans are created"));
	}

	@Configuration(proxyBeanMethods = false)
	static class AnnotatedConfiguration {

		@Bean
		@DependsOnDatabaseInitialization
		String reader() {
			return "reader";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DependentConfiguration {

		@Bean
		SpringLiquibase liquibase() {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setShouldRun(false);
			return liquibase;
		}

		@Bean
		@DependsOn("liquibase")
		String reader() {
			return "reader";
		}

		@Bean
		@DependsOn("reader")
		String other() {
			return "other";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JpaConfiguration {

		/**
		 * Only its type matters.
		 */
		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory() {
			return new LocalContainerEntityManagerFactoryBean() {

				@Override
				public void afterPropertiesSet() {
				}

				@Override
				public void afterSingletonsInstantiated() {
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QuartzConfiguration {

		@Bean
		JobDetail job() {
			return JobBuilder.newJob(Job.class).storeDurably().build();
		}

	}

}
