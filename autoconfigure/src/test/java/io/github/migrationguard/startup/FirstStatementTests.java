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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.MigrationException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.gate.MigrationGate;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FirstStatement}: whoever reads while beans are created reads what the
 * migrations have left behind, as if they had run where the tool runs them.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class FirstStatementTests {

	private static final String READ = "select name from flags order by name desc";

	@TempDir
	private Path directory;

	private TestDatabase database;

	private ApplicationContextRunner application;

	@BeforeEach
	void prepare(TestDatabase database) {
		this.database = database;
		database.client().sql("create table flags (name text)").update();
		database.client().sql("insert into flags values ('old')").update();
		this.application = application(Changelog.empty().changeSet("new", "insert into flags values ('new')"));
	}

	private ApplicationContextRunner application(Changelog changelog) {
		changelog.writeTo(this.directory);
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
					JdbcTemplateAutoConfiguration.class, LiquibaseAutoConfiguration.class,
					MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + this.database.url(),
					"spring.datasource.username=" + this.database.username(),
					"spring.datasource.password=" + this.database.password(),
					"spring.datasource.hikari.maximum-pool-size=1", "spring.datasource.hikari.connection-timeout=5000",
					"spring.liquibase.change-log=file:" + this.directory.resolve("changelog.sql"))
			.withBean(StartupPlan.class, () -> new StartupPlan(StartupMode.AUTO, "test"));
	}

	private static void assertGate(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.GATE);
		assertMigrated(context);
	}

	private static void assertMigrated(AssertableApplicationContext context) {
		assertThat(context.getBean(MigrationGuard.class).getStatus()).singleElement()
			.extracting((status) -> status.state())
			.isEqualTo(MigrationState.COMPLETED);
		assertThat(context.getBean(MigrationGate.class).isOpen()).isTrue();
	}

	private static void assertInRefresh(AssertableApplicationContext context, String... reason) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(StartupPlan.class).mode()).isEqualTo(StartupMode.IN_REFRESH);
		assertThat(context.getBean(StartupPlan.class).reason()).contains(reason);
		assertMigrated(context);
	}

	@Test
	void nobodyReads() {
		this.application.run(FirstStatementTests::assertGate);
	}

	@Test
	void readsInConstructor(CapturedOutput output) {
		this.application.withBean("reader", Reader.class).run((context) -> {
			assertInRefresh(context, "the bean 'reader' sends a statement while it is created",
					"FirstStatementTests.Reader.<init>", "ApplicationRunner");
			assertThat(context.getBean(Reader.class).names).containsExactly("old", "new");
		});
		assertThat(output).contains("The migrations run now, before the web server is started: the bean 'reader'");
	}

	@Test
	void readsInBeanMethod() {
		this.application.withUserConfiguration(BeanMethodConfiguration.class).run((context) -> {
			assertInRefresh(context, "the bean 'names' sends a statement while it is created",
					"BeanMethodConfiguration.names");
			assertThat(context.getBean("names")).isEqualTo(List.of("old", "new"));
		});
	}

	@Test
	void readsAfterSingletonsAreThere() {
		this.application.withBean("late", LateReader.class).run((context) -> {
			assertInRefresh(context, "the thread ", "LateReader.afterSingletonsInstantiated");
			assertThat(context.getBean(LateReader.class).names).containsExactly("old", "new");
		});
	}

	@Test
	void readsInThreadThatIsJoined() {
		this.application.withBean("joining", JoiningReader.class).run((context) -> {
			assertInRefresh(context, "the bean 'joining' sends a statement while it is created");
			assertThat(context.getBean(JoiningReader.class).names).containsExactly("old", "new");
		});
	}

	@Test
	void readsInTransaction() {
		this.application.withBean(TransactionalReader.class).run((context) -> {
			assertInRefresh(context, "TransactionalReader");
			assertThat(context.getBean(TransactionalReader.class).names).containsExactly("old", "new");
		});
	}

	@Test
	void readsInTransactionOfPoolWithoutAutoCommit() {
		this.application.withPropertyValues("spring.datasource.hikari.auto-commit=false")
			.withBean(TransactionalReader.class)
			.run((context) -> {
				assertInRefresh(context, "TransactionalReader");
				assertThat(context.getBean(TransactionalReader.class).names).containsExactly("old", "new");
			});
	}

	@Test
	void beanBeforeTheMigratorPreparesTheSchema() {
		Changelog changelog = Changelog.empty()
			.changeSet("new", "create table prepared.names (name text);\ninsert into flags values ('new')");
		application(changelog).withUserConfiguration(PreparingConfiguration.class).run(FirstStatementTests::assertGate);
	}

	@Test
	void failureIsNotSwallowed() {
		application(Changelog.empty().changeSet("wrong", "insert into missing values (1)"))
			.withBean("swallowing", SwallowingReader.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasStackTraceContaining("missing")
					.cause()
					.isInstanceOf(MigrationException.class);
			});
		assertThat(this.database.client().sql(READ).query(String.class).list()).containsExactly("old");
	}

	@Test
	void waitersLearnOfTheFailureAndNobodyRunsItAgain() {
		application(Changelog.empty()
			.changeSet("counted", "create sequence attempts;\nselect nextval('attempts')")
			.changeSet("wrong", "select nextval('attempts');\ninsert into missing values (1)"))
			.withBean("crowd", SwallowingCrowd.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasStackTraceContaining("missing");
			});
		assertThat(this.database.client().sql("select last_value from attempts").query(Long.class).single())
			.isEqualTo(2);
	}

	@Test
	void threadsOfParallelStreamAndBeansTheyAskFor() {
		this.application.withBean("asking", ParallelReader.class)
			.withUserConfiguration(LazyReaderConfiguration.class)
			.run((context) -> {
				assertInRefresh(context, "sends a statement");
				assertThat(context.getBean(ParallelReader.class).names).hasSize(8).containsOnly(List.of("old", "new"));
			});
	}

	@Test
	void schemaOfConnectionIsTheOneThatMigrationsCreate() {
		application(Changelog.empty().changeSet("new", "create schema later"))
			.withPropertyValues("spring.datasource.hikari.connection-init-sql=set search_path to later",
					"spring.liquibase.default-schema=public", "spring.liquibase.liquibase-schema=public")
			.withBean("schema", SchemaReader.class)
			.run((context) -> {
				assertInRefresh(context, "sends a statement");
				assertThat(context.getBean(SchemaReader.class).schema).isEqualTo("later");
			});
	}

	@Test
	void forcedGateRefusesStatement() {
		this.application.withBean(StartupPlan.class, () -> new StartupPlan(StartupMode.GATE, "configured"))
			.withAllowBeanDefinitionOverriding(true)
			.withBean("reader", Reader.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(StatementBeforeMigrationsException.class)
					.hasStackTraceContaining("The bean 'reader' sends a statement while it is created");
			});
		assertThat(this.database.client().sql(READ).query(String.class).list()).containsExactly("old");
	}

	@Test
	void asksWhatConnectionIs() {
		this.application.withBean(Identifying.class).run(FirstStatementTests::assertGate);
	}

	@Test
	void unwrapsDriver() {
		this.application.withBean(Unwrapping.class).run((context) -> assertInRefresh(context, "Unwrapping"));
	}

	@Test
	void readsMetaData() {
		this.application.withBean(MetaDataReader.class).run((context) -> assertInRefresh(context, "MetaDataReader"));
	}

	@Test
	void timeLimitOfTransactionBeginsAfterMigrations() {
		application(Changelog.empty().changeSet("slow", "insert into flags values ('new');\nselect pg_sleep(1.5)"))
			.withBean(HurriedReader.class)
			.run((context) -> {
				assertInRefresh(context, "HurriedReader");
				assertThat(context.getBean(HurriedReader.class).names).containsExactly("old", "new");
			});
	}

	@Test
	void stateOfConnectionAndStatementIsKept() {
		this.application.withBean(ParticularReader.class)
			.run((context) -> assertInRefresh(context, "ParticularReader"));
	}

	@Test
	void connectionThatIsKeptOverTheGateGoesOnWorking() {
		this.application.withBean(KeepingReader.class).run((context) -> {
			assertGate(context);
			KeepingReader reader = context.getBean(KeepingReader.class);
			try (Connection connection = reader.connection; Statement statement = reader.statement) {
				assertThat(statement.executeQuery(READ).next()).isTrue();
				assertThat(connection.getMetaData().getTables(null, null, "flags", null).next()).isTrue();
			}
		});
	}

	@Test
	void connectionIsGivenBackWhileAnotherThreadMigrates() {
		this.application.withBean("crowd", Crowd.class).run((context) -> {
			assertInRefresh(context, "sends a statement");
			assertThat(context.getBean(Crowd.class).names).hasSize(4).containsOnly(List.of("old", "new"));
		});
	}

	@Test
	void statementsThatMigrationSendsOrWaitsForAreLetThrough() throws IOException {
		Files.writeString(this.directory.resolve("changelog.xml"), """
				<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
						xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
						xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
							http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
					<changeSet id="asking" author="test" runInTransaction="false">
						<customChange class="%s"/>
					</changeSet>
				</databaseChangeLog>""".formatted(AskingChange.class.getName()));
		this.application
			.withPropertyValues("spring.liquibase.change-log=file:" + this.directory.resolve("changelog.xml"),
					"spring.datasource.hikari.maximum-pool-size=4")
			.withBean("reader", AskedReader.class)
			.run((context) -> {
				assertInRefresh(context, "the bean 'reader' sends a statement while it is created");
				assertThat(context.getBean(AskedReader.class).names).containsExactly("old", "new");
				assertThat(AskingChange.names).containsExactly("old", "new");
			});
	}

	@Test
	void lazyBeansAreServedByTheGate() {
		this.application
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withBean("reader", Reader.class)
			.run((context) -> {
				assertGate(context);
				assertThat(context.getBean(Reader.class).names).containsExactly("old", "new");
			});
	}

	@Test
	void afterwardsPoolIsAsBefore() {
		HikariDataSource[] pool = new HikariDataSource[1];
		this.application.withBean("reader", Reader.class).run((context) -> {
			pool[0] = context.getBean(HikariDataSource.class);
			try (Connection connection = pool[0].getConnection()) {
				assertThat(connection.getClass().getName()).startsWith("com.zaxxer.hikari.pool.");
			}
		});
		assertThat(pool[0].isClosed()).isTrue();
	}

	static class Reader {

		final List<String> names;

		Reader(JdbcTemplate template) {
			this.names = template.queryForList(READ, String.class);
		}

	}

	static class LateReader implements SmartInitializingSingleton {

		private final JdbcTemplate template;

		private List<String> names;

		LateReader(JdbcTemplate template) {
			this.template = template;
		}

		@Override
		public void afterSingletonsInstantiated() {
			this.names = this.template.queryForList(READ, String.class);
		}

	}

	static class JoiningReader {

		private final List<String> names;

		JoiningReader(JdbcTemplate template) {
			CompletableFuture<List<String>> names = new CompletableFuture<>();
			new Thread(() -> names.completeAsync(() -> template.queryForList(READ, String.class), Runnable::run),
					"reading")
				.start();
			this.names = names.join();
		}

	}

	static class TransactionalReader {

		private final List<String> names;

		TransactionalReader(JdbcTemplate template, PlatformTransactionManager transactionManager) {
			this.names = new TransactionTemplate(transactionManager)
				.execute((status) -> template.queryForList(READ, String.class));
		}

	}

	static class HurriedReader {

		private final List<String> names;

		HurriedReader(JdbcTemplate template, PlatformTransactionManager transactionManager) {
			TransactionTemplate transaction = new TransactionTemplate(transactionManager);
			transaction.setTimeout(1);
			this.names = transaction.execute((status) -> template.queryForList(READ, String.class));
		}

	}

	static class ParticularReader {

		ParticularReader(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				connection.setReadOnly(true);
				connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
				connection.setClientInfo("ApplicationName", "particular");
				statement.setMaxRows(1);
				try (ResultSet rows = statement.executeQuery(READ)) {
					assertThat(rows.next()).isTrue();
					assertThat(rows.next()).isFalse();
				}
				assertThat(connection.isReadOnly()).isTrue();
				assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
				assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("particular");
				assertThat(statement.getConnection()).isEqualTo(connection);
			}
		}

	}

	static class KeepingReader {

		private final Connection connection;

		private final Statement statement;

		KeepingReader(DataSource dataSource, JdbcTemplate template) throws SQLException {
			this.connection = dataSource.getConnection();
			this.statement = this.connection.createStatement();
		}

	}

	static class AskedReader {

		private final List<String> names;

		AskedReader(JdbcTemplate template) {
			AskingChange.template = template;
			this.names = template.queryForList(READ, String.class);
		}

	}

	/**
	 * Writes over the application's own template, and waits for a thread that reads.
	 */
	public static class AskingChange implements CustomTaskChange {

		private static volatile @Nullable JdbcTemplate template;

		private static volatile List<String> names = List.of();

		@Override
		public void execute(Database database) {
			JdbcTemplate template = Objects.requireNonNull(AskingChange.template);
			template.update("insert into flags values ('new')");
			CompletableFuture<List<String>> reader = new CompletableFuture<>();
			new Thread(() -> reader.completeAsync(() -> template.queryForList(READ, String.class), Runnable::run))
				.start();
			names = reader.join();
		}

		@Override
		public String getConfirmationMessage() {
			return "asked";
		}

		@Override
		public void setUp() {
		}

		@Override
		public void setFileOpener(ResourceAccessor resourceAccessor) {
		}

		@Override
		public ValidationErrors validate(Database database) {
			return new ValidationErrors();
		}

	}

	/**
	 * Reads on several threads, with a pool of one connection.
	 */
	static class Crowd {

		private final List<List<String>> names;

		Crowd(JdbcTemplate template) {
			List<CompletableFuture<List<String>>> readers = Stream.generate(CompletableFuture<List<String>>::new)
				.limit(4)
				.toList();
			readers.forEach((reader) -> new Thread(
					() -> reader.completeAsync(() -> template.queryForList(READ, String.class), Runnable::run))
				.start());
			this.names = readers.stream().map(CompletableFuture::join).toList();
		}

	}

	/**
	 * Reads on threads that ask for a bean which reads in its turn.
	 */
	static class ParallelReader {

		private final List<List<String>> names;

		ParallelReader(JdbcTemplate template, ObjectProvider<Reader> asked) {
			this.names = IntStream.range(0, 8)
				.parallel()
				.mapToObj((index) -> (index % 2 == 0) ? asked.getObject().names
						: template.queryForList(READ, String.class))
				.toList();
		}

	}

	static class SwallowingCrowd {

		SwallowingCrowd(JdbcTemplate template) {
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> new Crowd(template));
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> template.queryForList(READ, String.class));
		}

	}

	static class SchemaReader {

		private final String schema;

		SchemaReader(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection()) {
				this.schema = connection.getSchema();
			}
		}

	}

	static class SwallowingReader {

		SwallowingReader(JdbcTemplate template) {
			try {
				template.queryForList(READ, String.class);
			}
			catch (RuntimeException ex) {
				// As some do
			}
		}

	}

	static class Identifying {

		Identifying(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
				assertThat(connection.getSchema()).isEqualTo("public");
				assertThat(connection.isValid(5)).isTrue();
				Connection same = connection.getMetaData().getConnection();
				try (Statement statement = same.createStatement()) {
					statement.executeQuery("select version()");
					assertThat(statement.getConnection()).isEqualTo(connection);
				}
			}
		}

	}

	static class Unwrapping {

		Unwrapping(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
				assertThat(connection.unwrap(PGConnection.class).getBackendPID()).isPositive();
			}
		}

	}

	static class MetaDataReader {

		MetaDataReader(DataSource dataSource, JdbcTemplate template) throws SQLException {
			try (Connection connection = dataSource.getConnection()) {
				connection.getMetaData().getTables(null, null, "flags", null).close();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyReaderConfiguration {

		@Bean
		@Lazy
		Reader asked(JdbcTemplate template) {
			return new Reader(template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethodConfiguration {

		@Bean
		List<String> names(JdbcTemplate template) {
			return template.queryForList(READ, String.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PreparingConfiguration {

		@Bean
		static InitializingBean preparing(DataSource dataSource) {
			return () -> {
				try (Connection connection = dataSource.getConnection();
						Statement statement = connection.createStatement()) {
					statement.execute("create schema if not exists prepared");
				}
			};
		}

	}

}
