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

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.integration.jpa.Customer;
import io.github.migrationguard.integration.jpa.CustomerRepository;
import io.github.migrationguard.integration.jpa.JpaApplication;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.TestDatabase;
import jakarta.annotation.PostConstruct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for the start of a JPA application, which reads the schema while its beans are
 * created.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class JpaStartupTests {

	private static final Changelog CUSTOMERS = Changelog.empty()
		.changeSet("sequence", "create sequence customer_seq increment by 50")
		.changeSet("customers", "create table customer (id bigint primary key, name varchar(255))");

	@TempDir
	private Path directory;

	private Service service(TestDatabase database, Changelog changelog, Class<?>... more) {
		Class<?>[] sources = new Class<?>[more.length + 1];
		sources[0] = JpaApplication.class;
		System.arraycopy(more, 0, sources, 1, more.length);
		return Service.of(database, changelog, this.directory, sources).with("spring.jpa.open-in-view", false);
	}

	@Test
	void validatesAfterMigrationsAtTheGate(TestDatabase database, CapturedOutput output) {
		try (ConfigurableApplicationContext context = service(database, CUSTOMERS)
			.with("spring.jpa.hibernate.ddl-auto", "validate")
			.start()) {
			assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.GATE);
			CustomerRepository customers = context.getBean(CustomerRepository.class);
			customers.save(new Customer("alice"));
			assertThat(customers.findAll()).hasSize(1);
		}
		assertThat(output).contains("The schema validation of 'entityManagerFactory' is put off")
			.containsSubsequence("Tomcat started", "is complete: 2 units applied", "Started ");
	}

	@Test
	void isAliveAndNotReadyUntilItsSchemaIsThere(TestDatabase database) throws Exception {
		Ledger.Gate gate = Ledger.install(database).close("held");
		int port = Http.freePort();
		Changelog changelog = Changelog.empty()
			.gate("held")
			.changeSet("sequence", "create sequence customer_seq increment by 50")
			.changeSet("customers", "create table customer (id bigint primary key, name varchar(255))");
		Service service = service(database, changelog).with("server.port", port)
			.with("spring.jpa.hibernate.ddl-auto", "validate");
		CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(service::start);
		gate.awaitArrival();
		Http http = new Http(port);
		assertThat(http.status("/actuator/health/liveness")).isEqualTo(200);
		assertThat(http.status("/actuator/health/readiness")).isEqualTo(503);
		assertThat(http.body("/actuator/migrations")).contains("\"mode\":\"gate\"");
		gate.open();
		try (ConfigurableApplicationContext context = start.get()) {
			assertThat(http.status("/actuator/health/readiness")).isEqualTo(200);
			assertThat(context.getBean(CustomerRepository.class).count()).isZero();
		}
	}

	@Test
	void refusesSchemaThatDoesNotFitAfterMigrations(TestDatabase database) {
		Changelog wrong = Changelog.empty()
			.changeSet("sequence", "create sequence customer_seq increment by 50")
			.changeSet("customers", "create table customer (id bigint primary key)");
		Service service = service(database, wrong).with("spring.jpa.hibernate.ddl-auto", "validate");
		assertThatThrownBy(service::start)
			.hasStackTraceContaining("Schema validation: missing column [name] in table [customer]");
	}

	@Test
	void refusesSequenceOfOtherIncrementAfterMigrations(TestDatabase database) {
		Changelog wrong = Changelog.empty()
			.changeSet("sequence", "create sequence customer_seq increment by 10")
			.changeSet("customers", "create table customer (id bigint primary key, name varchar(255))");
		Service service = service(database, wrong).with("spring.jpa.hibernate.ddl-auto", "validate");
		assertThatThrownBy(service::start)
			.hasStackTraceContaining("sequence [customer_seq] defined inconsistent increment-size");
	}

	@Test
	void acceptsSequenceWhoseIncrementIsChangedByPendingMigration(TestDatabase database) {
		Changelog before = Changelog.empty()
			.changeSet("sequence", "create sequence customer_seq increment by 1")
			.changeSet("customers", "create table customer (id bigint primary key, name varchar(255))");
		service(database, before)
			.with("spring.autoconfigure.exclude",
					"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
							+ "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration")
			.start()
			.close();
		Changelog after = before.changeSet("increment", "alter sequence customer_seq increment by 50");
		try (ConfigurableApplicationContext context = service(database, after)
			.with("spring.jpa.hibernate.ddl-auto", "validate")
			.start()) {
			assertThat(context.getBean(CustomerRepository.class).save(new Customer("bob")).getId()).isPositive();
		}
	}

	@Test
	void forcedGateWithoutDeferralFailsWithSetting(TestDatabase database, CapturedOutput output) {
		Service service = service(database, CUSTOMERS).with("spring.jpa.hibernate.ddl-auto", "validate")
			.with("migration-guard.startup.mode", "gate")
			.with("migration-guard.startup.defer-schema-validation", false);
		assertThatThrownBy(service::start)
			.hasStackTraceContaining("The bean 'entityManagerFactory' sends a statement while it is created");
		assertThat(output).contains("The bean 'entityManagerFactory' sends a statement while it is created")
			.contains("migration-guard.startup.mode=auto");
	}

	@Test
	void migratesWhileBeansAreCreatedIfHibernateUpdatesTheSchema(TestDatabase database, CapturedOutput output) {
		try (ConfigurableApplicationContext context = service(database, CUSTOMERS)
			.with("spring.jpa.hibernate.ddl-auto", "update")
			.start()) {
			assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.IN_REFRESH);
			assertThat(context.getBean(StartupPlan.class).reason())
				.startsWith("the bean 'entityManagerFactory' sends a statement while it is created");
			assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).state())
				.isEqualTo(MigrationState.COMPLETED);
		}
		assertThat(output).containsSubsequence("before the web server is started: the bean 'entityManagerFactory'",
				"is complete: 2 units applied", "Tomcat started");
	}

	@Test
	void migratesWhileBeansAreCreatedIfIncrementsAreTakenFromTheDatabase(TestDatabase database) {
		try (ConfigurableApplicationContext context = service(database, CUSTOMERS)
			.with("spring.jpa.hibernate.ddl-auto", "validate")
			.with("spring.jpa.properties.hibernate.id.sequence.increment_size_mismatch_strategy", "fix")
			.start()) {
			assertThat(context.getBean(StartupPlan.class).isInRefresh()).isTrue();
		}
	}

	@Test
	void beanThatReadsTheSchemaReadsTheNewOne(TestDatabase database) {
		try (ConfigurableApplicationContext context = service(database, CUSTOMERS, ReaderConfiguration.class).start()) {
			assertThat(context.getBean(StartupPlan.class).reason())
				.startsWith("the bean 'reader' sends a statement while it is created");
			assertThat(context.getBean(Reader.class).count).isZero();
		}
	}

	@Test
	void sequencesKeepTheGate(TestDatabase database) {
		try (ConfigurableApplicationContext context = service(database, CUSTOMERS).start()) {
			assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.GATE);
			assertThat(context.getBean(CustomerRepository.class).save(new Customer("carol")).getId()).isPositive();
		}
	}

	@Test
	void sequenceWhoseIncrementIsChangedByPendingMigrationIsComparedAfterIt(TestDatabase database) {
		database.client().sql("create sequence customer_seq increment by 1").update();
		Changelog changelog = Changelog.empty()
			.changeSet("increment", "alter sequence customer_seq increment by 50")
			.changeSet("customers", "create table customer (id bigint primary key, name varchar(255))");
		try (ConfigurableApplicationContext context = service(database, changelog).start()) {
			assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.GATE);
		}
	}

	@Test
	void sequenceOfOtherIncrementIsRefusedAfterMigrations(TestDatabase database) {
		Changelog wrong = Changelog.empty().changeSet("sequence", "create sequence customer_seq increment by 10");
		assertThatThrownBy(service(database, wrong)::start).hasStackTraceContaining(
				"The increment size of the [customer_seq] sequence is set to [50] in the entity mapping but the"
						+ " mapped database sequence increment size is [10]");
	}

	@Test
	void sequenceOfOtherIncrementIsLogged(TestDatabase database, CapturedOutput output) {
		Changelog wrong = Changelog.empty().changeSet("sequence", "create sequence customer_seq increment by 10");
		service(database, wrong)
			.with("spring.jpa.properties.hibernate.id.sequence.increment_size_mismatch_strategy", "log")
			.start()
			.close();
		assertThat(output).contains("The increment size of the [customer_seq] sequence is set to [50]");
	}

	@Test
	void embeddedDatabaseIsLeftToTheMigrations(TestDatabase database) {
		try (ConfigurableApplicationContext context = service(database, CUSTOMERS)
			.with("spring.datasource.url", "jdbc:h2:mem:jpa")
			.with("spring.datasource.username", "sa")
			.with("spring.datasource.password", "")
			.start()) {
			assertThat(context.getBean(CustomerRepository.class).count()).isZero();
			assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty();
		}
	}

	@Test
	void probesAreAnsweredWhileMigrationsRunBeforeTheServer(TestDatabase database) throws Exception {
		Ledger ledger = Ledger.install(database);
		Ledger.Gate gate = ledger.close("held");
		int port = Http.freePort();
		Service service = service(database, CUSTOMERS.gate("held")).with("server.port", port)
			.with("spring.jpa.hibernate.ddl-auto", "update")
			.with("migration-guard.instance-id", "customers-1");
		CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(service::start);
		gate.awaitArrival();
		Http http = new Http(port);
		assertThat(http.status("/actuator/health/liveness")).isEqualTo(200);
		assertThat(http.status("/actuator/health/readiness")).isEqualTo(503);
		assertThat(http.body("/actuator/migrations"))
			.isEqualTo("{\"state\":\"MIGRATING\",\"instance\":\"customers-1\"}");
		assertThat(http.status("/customers")).isEqualTo(503);
		assertThat(http.body("/customers")).contains("\"state\":\"MIGRATING\"");
		gate.open();
		try (ConfigurableApplicationContext context = start.get()) {
			assertThat(http.status("/actuator/health/readiness")).isEqualTo(200);
			assertThat(http.body("/actuator/migrations")).contains("\"mode\":\"in-refresh\"",
					"\"reason\":\"the bean 'entityManagerFactory' sends a statement");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class ReaderConfiguration {

		@Bean
		Reader reader(CustomerRepository customers) {
			return new Reader(customers);
		}

	}

	static class Reader {

		private final CustomerRepository customers;

		private long count = -1;

		Reader(CustomerRepository customers) {
			this.customers = customers;
		}

		@PostConstruct
		void read() {
			this.count = this.customers.count();
		}

	}

}
