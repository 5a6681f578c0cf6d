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

package io.github.migrationguard.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a service that reads too early tells of it: log, endpoint, metrics and failure
 * report.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class StartupReportTests {

	private static final String REASON = "the bean 'priceList' sends a statement while it is created"
			+ " (StartupReportTests.PriceList.<init>)";

	@TempDir
	private Path directory;

	private TestDatabase database;

	@BeforeEach
	void prepare(TestDatabase database) throws IOException {
		this.database = database;
		Changelog.empty().changeSet("price", "create table price (amount int)").writeTo(this.directory);
		Files.writeString(this.directory.resolve("script.sql"), "create table discount (amount int)");
	}

	@Test
	void reasonStandsInLogEndpointAndMetrics(CapturedOutput output) {
		String reason = REASON + "; to start the web server first, send it later, for example in an ApplicationRunner";
		try (ConfigurableApplicationContext context = start(StartupMode.AUTO, ReaderConfiguration.class)) {
			assertThat(output).contains("The migrations run now, before the web server is started: " + reason);
			assertThat(startup(context)).isEqualTo(Map.of("mode", "in-refresh", "reason", reason));
			assertThat(context.getBean(MeterRegistry.class)
				.get("migrations.startup")
				.tags("mode", "in-refresh", "reason", "first-statement")
				.gauge()
				.value()).isOne();
		}
	}

	@Test
	void remedyForLibraryIsAMigration() {
		try (ConfigurableApplicationContext context = start(StartupMode.AUTO, InitializerConfiguration.class)) {
			assertThat(context.getBean(StartupPlan.class).reason())
				.startsWith("the bean 'initializer' sends a statement while it is created (")
				.endsWith("; to start the web server first, let a migration do what it does");
		}
	}

	@Test
	void forcedGateFailsWithBeanAndRemedy(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start(StartupMode.GATE, ReaderConfiguration.class).close());
		assertThat(output.toString().replace(System.lineSeparator(), "\n")).contains("""
				***************************
				APPLICATION FAILED TO START
				***************************

				Description:

				T%s, before the migrations.

				Migrations run after the web server was started, as migration-guard.startup.mode=gate says. \
				The statement would have met the database as it was before them.

				Action:

				Do one of these:

				    - run the migrations when the first statement is sent: migration-guard.startup.mode=auto
				    - or read the database later, for example in an ApplicationRunner.
				""".formatted(REASON.substring(1)));
		assertThat(this.database.client().sql("select to_regclass('price') is null").query(Boolean.class).single())
			.isTrue();
	}

	private ConfigurableApplicationContext start(StartupMode mode, Class<?> configuration) {
		return new SpringApplicationBuilder(Application.class, configuration).registerShutdownHook(false)
			.run("--server.port=0", "--spring.main.banner-mode=off",
					"--migration-guard.startup.mode=" + mode.getValue(),
					"--test.script=file:" + this.directory.resolve("script.sql"),
					"--management.endpoints.web.exposure.include=health,migrations",
					"--spring.datasource.url=" + this.database.url(),
					"--spring.datasource.username=" + this.database.username(),
					"--spring.datasource.password=" + this.database.password(),
					"--spring.liquibase.change-log=file:" + this.directory.resolve("changelog.sql"));
	}

	private static Object startup(ConfigurableApplicationContext context) {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		return RestClient.create("http://localhost:" + port)
			.get()
			.uri("/actuator/migrations")
			.retrieve()
			.body(Map.class)
			.get("startup");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
	static class Application {

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReaderConfiguration {

		@Bean
		PriceList priceList(JdbcTemplate template) {
			return new PriceList(template);
		}

	}

	/**
	 * As Spring Batch and others have it.
	 */
	@Configuration(proxyBeanMethods = false)
	static class InitializerConfiguration {

		@Bean
		@DependsOn("liquibase")
		DataSourceScriptDatabaseInitializer initializer(DataSource dataSource, @Value("${test.script}") String script) {
			DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
			settings.setMode(DatabaseInitializationMode.ALWAYS);
			settings.setSchemaLocations(List.of(script));
			return new DataSourceScriptDatabaseInitializer(dataSource, settings);
		}

	}

	static class PriceList {

		final List<Integer> amounts;

		PriceList(JdbcTemplate template) {
			this.amounts = template.queryForList("select amount from price", Integer.class);
		}

	}

}
