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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.naming.Context;
import javax.naming.NameClassPair;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import liquibase.integration.spring.MultiTenantSpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the guarded {@link MultiTenantSpringLiquibase}, on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class MultiTenantLiquibaseTests {

	private static final String CHANGELOG = """
			--liquibase formatted sql

			--changeset test:qualified
			create table ${database.defaultSchemaName}.qualified (${column} int);

			--changeset test:unqualified
			create table unqualified (id int);

			--changeset test:filtered context:europe
			create table ${database.defaultSchemaName}.filtered (id int);
			""";

	@TempDir
	private Path directory;

	@BeforeEach
	void writeChangelog() throws Exception {
		Files.writeString(this.directory.resolve("changelog.sql"), CHANGELOG);
	}

	@Test
	void twoInstancesMigrateEverySchemaOnceAndInSequence(TestDatabase database) {
		List<String> schemas = createSchemas(database, "tenant", 20);
		Ledger ledger = Ledger.install(database);
		CompletableFuture<List<MigrationStatus>> other = CompletableFuture
			.supplyAsync(() -> migrate(database, schemas));
		List<MigrationStatus> own = migrate(database, schemas);
		for (List<MigrationStatus> statuses : List.of(own, other.join())) {
			assertThat(statuses).extracting(MigrationStatus::name)
				.containsExactlyElementsOf(schemas.stream().map((schema) -> "tenants." + schema).toList());
			assertThat(statuses).allMatch((status) -> status.database().history().endsWith(".databasechangelog"))
				.allMatch((status) -> status.progress().applied() == 3 && status.progress().pending() == 0);
		}
		assertThat(Stream.concat(own.stream(), other.join().stream()).map(MigrationStatus::state))
			.containsOnly(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)
			.filteredOn(MigrationState.COMPLETED::equals)
			.hasSize(20);
		assertThat(own).extracting((status) -> status.lock().key().hash()).doesNotHaveDuplicates();
		assertThat(ledger.recorded()).hasSize(60);
		ledger.assertNoOverlap();
		assertThat(database.advisoryLocks()).isEmpty();
	}

	private List<MigrationStatus> migrate(TestDatabase database, List<String> schemas) {
		CompletableFuture<List<MigrationStatus>> statuses = new CompletableFuture<>();
		runner(database, (tenants) -> tenants.setSchemas(schemas))
			.run((context) -> statuses.complete(statuses(context)));
		return statuses.join();
	}

	@Test
	void schemasGetTheSameAsWithoutGuard(TestDatabase database) {
		List<String> stock = createSchemas(database, "stock", 2);
		List<String> guarded = createSchemas(database, "guarded", 2);
		Stream.of(stock, guarded).forEach((schemas) -> runner(database, (tenants) -> {
			tenants.setSchemas(schemas);
			tenants.setContexts("europe");
			tenants.setDatabaseChangeLogTable("history");
		}).withPropertyValues("migration-guard.enabled=" + (schemas == guarded)).run((context) -> {
			assertThat(context).hasNotFailed();
			if (schemas == guarded) {
				// Liquibase 4.33 alone leaves another one behind
				assertThat(searchPath(context)).isEqualTo("\"$user\", public");
			}
		}));
		assertThat(columns(database, "guarded%")).isEqualTo(columns(database, "stock%"))
			.contains("1.qualified.parameter", "1.filtered.id", "2.history.id");
	}

	@Test
	void defaultSchemaIsTheOnlyTenantWithoutSchemas(TestDatabase database) {
		createSchemas(database, "tenant", 1);
		runner(database, (tenants) -> tenants.setDefaultSchema("tenant_1"))
			.run((context) -> assertThat(histories(context))
				.containsExactly("tenants.tenant_1 in tenant_1.databasechangelog"));
		runner(database, (tenants) -> tenants.setSchemas(List.of("default")))
			.run((context) -> assertThat(histories(context))
				.containsExactly("tenants.default in public.databasechangelog"));
	}

	@Test
	void eachDataSourceOfNamingServiceIsATenant(TestDatabase database) {
		List<String> schemas = createSchemas(database, "tenant", 2);
		NamingService.objects.put("first", dataSource(database, schemas.get(0)));
		NamingService.objects.put("something", "else");
		NamingService.objects.put("second", dataSource(database, schemas.get(1)));
		System.setProperty(Context.INITIAL_CONTEXT_FACTORY, NamingService.class.getName());
		try {
			runner(database, (tenants) -> {
				tenants.setDataSource(null);
				tenants.setJndiBase("databases/tenants");
			}).run((context) -> assertThat(histories(context)).containsExactly(
					"tenants.first in tenant_1.databasechangelog", "tenants.second in tenant_2.databasechangelog"));
		}
		finally {
			System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
			NamingService.objects.clear();
		}
		assertThat(columns(database, "tenant%")).contains("1.unqualified.id", "2.unqualified.id");
	}

	@Test
	void subclassThatOverridesRunIsRunAsAWholeUnderOneLock(TestDatabase database) {
		createSchemas(database, "tenant", 2);
		runner(database).withUserConfiguration(SelfConfigured.class).run((context) -> {
			assertThat(statuses(context)).extracting(MigrationStatus::name, MigrationStatus::state)
				.containsExactly(tuple("tenants", MigrationState.COMPLETED));
			SelfConfiguredTenants tenants = context.getBean(SelfConfiguredTenants.class);
			assertThat(tenants.application).startsWith("mg:H:");
			assertThat(tenants.getDataSource()).isSameAs(context.getBean(DataSource.class));
		});
		assertThat(columns(database, "tenant%")).contains("1.qualified.parameter", "2.qualified.parameter");
		assertThat(database.advisoryLocks()).isEmpty();
	}

	@Test
	void switchedOffTenantsAreSkipped(TestDatabase database) {
		List<String> schemas = createSchemas(database, "tenant", 2);
		runner(database, (tenants) -> {
			tenants.setSchemas(schemas);
			tenants.setShouldRun(false);
		}).run((context) -> assertThat(statuses(context)).extracting(MigrationStatus::state)
			.containsExactly(MigrationState.SKIPPED, MigrationState.SKIPPED));
		assertThat(columns(database, "tenant%")).isEmpty();
	}

	@Test
	void whatIsMissingIsToldByLiquibase(TestDatabase database) {
		runner(database, (tenants) -> {
			tenants.setDataSource(null);
			tenants.setSchemas(List.of("tenant_1"));
		}).run((context) -> assertThat(context).getFailure()
			.hasRootCauseMessage("When schemas are defined you should also define a base dataSource"));
	}

	@Test
	void otherDatabaseIsMigratedWhileBeansAreCreated(TestDatabase database) throws Exception {
		Files.writeString(this.directory.resolve("changelog.sql"), """
				--liquibase formatted sql

				--changeset test:orders
				create table orders (id int);
				""");
		runner(database, (tenants) -> {
		}).withPropertyValues("spring.datasource.url=jdbc:h2:mem:tenants")
			.withUserConfiguration(ReadsTableWhileCreated.class)
			.run((context) -> assertThat(statuses(context)).isEmpty());
	}

	@Test
	void observationsAreTaggedWithTheBeanNotWithTheTenant(TestDatabase database) {
		List<String> schemas = createSchemas(database, "tenant", 2);
		ObservationRegistry observations = ObservationRegistry.create();
		RunHandler handler = new RunHandler();
		observations.observationConfig().observationHandler(handler);
		runner(database, (tenants) -> tenants.setSchemas(schemas))
			.withBean(ObservationRegistry.class, () -> observations)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(handler.runs).extracting((run) -> run.getLowCardinalityKeyValue("name").getValue())
			.containsExactly("tenants", "tenants");
		assertThat(handler.runs).extracting((run) -> run.getHighCardinalityKeyValue("migration").getValue())
			.containsExactly("tenants.tenant_1", "tenants.tenant_2");
	}

	private static List<String> createSchemas(TestDatabase database, String prefix, int count) {
		List<String> schemas = IntStream.rangeClosed(1, count).mapToObj((number) -> prefix + "_" + number).toList();
		schemas.forEach((schema) -> database.client().sql("create schema " + schema).update());
		return schemas;
	}

	/**
	 * Every column in the schemas with a name like the pattern, without the first part of
	 * the schema's name.
	 */
	private static List<String> columns(TestDatabase database, String pattern) {
		return database.client()
			.sql("""
					select distinct split_part(table_schema, '_', 2) || '.' || table_name || '.' || column_name
					from information_schema.columns where table_schema like ? order by 1""")
			.param(pattern)
			.query(String.class)
			.list();
	}

	private static String searchPath(AssertableApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("select current_setting('search_path')")
			.query(String.class)
			.single();
	}

	private static List<String> histories(AssertableApplicationContext context) {
		return statuses(context).stream()
			.map((status) -> status.name() + " in " + status.database().history())
			.toList();
	}

	private static DataSource dataSource(TestDatabase database, String schema) {
		PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
		dataSource.setCurrentSchema(schema);
		return dataSource;
	}

	private ApplicationContextRunner runner(TestDatabase database, Consumer<MultiTenantSpringLiquibase> configurer) {
		return runner(database).withUserConfiguration(Tenants.class)
			.withInitializer((context) -> context.getBeanFactory().registerSingleton("configurer", configurer));
	}

	private ApplicationContextRunner runner(TestDatabase database) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.datasource.hikari.maximum-pool-size=1");
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<MigrationStatus> statuses(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(MigrationGuard.class).getStatus();
	}

	private static <T extends MultiTenantSpringLiquibase> T configure(T tenants, DataSource dataSource,
			Consumer<MultiTenantSpringLiquibase> configurer) {
		tenants.setDataSource(dataSource);
		tenants.setChangeLog("classpath:/changelog.sql");
		tenants.setParameters(Map.of("column", "parameter"));
		configurer.accept(tenants);
		return tenants;
	}

	/**
	 * The tenants of a bean definition, as a user would configure them.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Tenants {

		@Bean
		MultiTenantSpringLiquibase tenants(DataSource dataSource, Consumer<MultiTenantSpringLiquibase> configurer) {
			return configure(new MultiTenantSpringLiquibase(), dataSource, configurer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReadsTableWhileCreated {

		@Bean
		Integer rows(DataSource dataSource, MultiTenantSpringLiquibase tenants) {
			return JdbcClient.create(dataSource).sql("select count(*) from orders").query(Integer.class).single();
		}

	}

	/**
	 * A subclass that finds its tenants when it is run.
	 */
	@Configuration(proxyBeanMethods = false)
	static class SelfConfigured {

		@Bean
		SelfConfiguredTenants tenants(DataSource dataSource) {
			return configure(new SelfConfiguredTenants(), dataSource, (tenants) -> {
			});
		}

	}

	static class SelfConfiguredTenants extends MultiTenantSpringLiquibase {

		private @Nullable String application;

		@Override
		public void afterPropertiesSet() throws Exception {
			JdbcClient client = JdbcClient.create(getDataSource());
			this.application = client.sql("select current_setting('application_name')").query(String.class).single();
			setSchemas(client.sql("select nspname from pg_namespace where nspname like 'tenant%' order by 1")
				.query(String.class)
				.list());
			super.afterPropertiesSet();
		}

	}

	/**
	 * A naming service with two data sources and something else.
	 */
	public static class NamingService implements InitialContextFactory {

		private static final Map<String, Object> objects = new LinkedHashMap<>();

		@Override
		public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
			Context context = mock();
			NamingEnumeration<NameClassPair> names = mock();
			Iterator<String> iterator = List.copyOf(objects.keySet()).iterator();
			given(names.hasMore()).willAnswer((call) -> iterator.hasNext());
			given(names.next()).willAnswer((call) -> new NameClassPair(iterator.next(), "java.lang.Object"));
			given(context.list("databases/tenants")).willReturn(names);
			given(context.lookup(anyString()))
				.willAnswer((call) -> objects.get(StringUtils.delete(call.getArgument(0), "databases/tenants/")));
			return context;
		}

	}

	/**
	 * Remembers the runs that were observed.
	 */
	private static final class RunHandler implements ObservationHandler<Observation.Context> {

		private final List<Observation.Context> runs = new ArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			this.runs.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context.getName().equals("migrations.run");
		}

	}

}
