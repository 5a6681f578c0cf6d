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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.Liquibase;
import liquibase.change.Change;
import liquibase.change.custom.CustomTaskChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.ExecType;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.ValidationErrors;
import liquibase.integration.spring.Customizer;
import liquibase.resource.ResourceAccessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that code of the user that is called by Liquibase sees what it sees with
 * Liquibase alone. Each runs with and without the guard.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class LiquibaseUserCodeTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void listenerSeesOnOtherConnectionWhatWasApplied(boolean guarded, TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("customers", "create table customers (id int);\ninsert into customers values (1)");
		runner(guarded, database, changelog).withUserConfiguration(ListeningConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(CountingListener.class).seen).containsExactly("1 of 1");
		});
		Changelog longer = changelog.changeSet("name",
				"alter table customers add name text;\ninsert into customers values (2, 'b')");
		runner(guarded, database, longer).withUserConfiguration(ListeningConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(CountingListener.class).seen).containsExactly("2 of 2");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void connectionThatCustomChangeHasClosedIsClosed(boolean guarded, TestDatabase database) throws Exception {
		runner(guarded, database, customChange(ClosingChange.class)).run((context) -> assertThat(context).hasFailed());
		assertThat(ids(database)).containsExactly("rows");
		assertThat(rows(database)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void statementOfConnectionThatCustomChangeHasClosedIsClosed(boolean guarded, TestDatabase database)
			throws Exception {
		runner(guarded, database, customChange(LateChange.class)).run((context) -> assertThat(context).hasFailed());
		assertThat(ids(database)).containsExactly("rows");
		assertThat(rows(database)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void customChangeMayLeaveAutoCommitSwitchedOn(boolean guarded, TestDatabase database) throws Exception {
		runner(guarded, database, customChange(AutoCommittingChange.class))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(ids(database)).containsExactly("rows", "custom", "after");
		assertThat(rows(database)).containsExactly(1, 2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void deferredConstraintThatDefaultViolatesFailsWhereLiquibaseExpectsIt(boolean guarded, TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("parent", "create table parent (id int primary key)")
			.changeSet("child", "create table child (id int references parent deferrable initially deferred)")
			.changeSet("other", "create table other (id int);\ninsert into other values (1)")
			.changeSet("function", "splitStatements:false",
					"create function orphan() returns int language sql as 'insert into child values (1) returning id'")
			.changeSet("orphan", "failOnError:false", "alter table other add child int default orphan()")
			.changeSet("after", "create table after (id int)");
		runner(guarded, database, changelog).run((context) -> assertThat(context).hasNotFailed());
		assertThat(ids(database)).containsExactly("parent", "child", "other", "function", "after");
	}

	@Test
	void codeThatWaitsForItselfIsNamedAndEndsWithTheApplication(TestDatabase database, CapturedOutput output) {
		Changelog changelog = Changelog.empty().changeSet("customers", "create table customers (id int)");
		runner(true, database, changelog).run((context) -> assertThat(context).hasNotFailed());
		AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
		CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> {
			AtomicReference<Throwable> thrown = new AtomicReference<>();
			runner(true, database, changelog.changeSet("name", "alter table customers add name text"))
				.withInitializer(starting::set)
				.withUserConfiguration(WaitingConfiguration.class)
				.withPropertyValues("migration-guard.shutdown.grace=10m")
				.run((context) -> thrown.set(context.getStartupFailure()));
			return thrown.get();
		});
		Awaiting.await("the warning")
			.until(() -> output.getOut().contains("waits for the database on another connection"));
		assertThat(output).contains("executes code of 'changelog.sql::name::test' and no statement, and blocks pid ")
			.contains("AccessShareLock on customers");
		starting.get().getBean(MigrationGuard.class).stop();
		assertThat(failure).succeedsWithin(Duration.ofMinutes(2)).isNotNull();
		assertThat(ids(database)).containsExactly("customers");
	}

	private Changelog customChange(Class<? extends CustomTaskChange> type) throws Exception {
		Files.writeString(this.directory.resolve("custom.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: rows
				    author: test
				    changes:
				    - sql: {sql: create table rows (id int)}
				- changeSet:
				    id: custom
				    author: test
				    changes:
				    - customChange: {class: %s}
				- changeSet:
				    id: after
				    author: test
				    changes:
				    - sql: {sql: insert into rows values (2)}
				""".formatted(type.getName()));
		return Changelog.empty();
	}

	private ApplicationContextRunner runner(boolean guarded, TestDatabase database, Changelog changelog) {
		String changeLog = Files.exists(this.directory.resolve("custom.yaml")) ? "classpath:/custom.yaml"
				: changelog.writeTo(this.directory);
		ApplicationContextRunner stock = new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(), "spring.liquibase.change-log=" + changeLog);
		return guarded ? stock.withConfiguration(
				AutoConfigurations.of(MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
				: stock;
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<String> ids(TestDatabase database) {
		return database.client()
			.sql("select id from databasechangelog order by orderexecuted")
			.query(String.class)
			.list();
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.client().sql("select id from rows order by id").query(Integer.class).list();
	}

	@Configuration(proxyBeanMethods = false)
	static class ListeningConfiguration {

		@Bean
		CountingListener listener(DataSource dataSource) {
			return new CountingListener(dataSource);
		}

		@Bean
		Customizer<Liquibase> customizer(CountingListener listener) {
			return (liquibase) -> liquibase.setChangeExecListener(listener);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WaitingConfiguration {

		@Bean
		Customizer<Liquibase> customizer(DataSource dataSource) {
			return (liquibase) -> liquibase.setChangeExecListener(new WaitingListener(dataSource));
		}

	}

	/**
	 * Reads, on a connection of its own, what the change set has locked.
	 */
	static class WaitingListener extends AbstractChangeExecListener {

		private final DataSource dataSource;

		WaitingListener(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Override
		public void ran(Change change, ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
			JdbcClient.create(this.dataSource).sql("select count(*) from customers").query(Integer.class).single();
		}

	}

	/**
	 * Counts on a connection of its own.
	 */
	static class CountingListener extends AbstractChangeExecListener {

		private final DataSource dataSource;

		private final List<String> seen = new ArrayList<>();

		CountingListener(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Override
		public void ran(ChangeSet changeSet, DatabaseChangeLog databaseChangeLog, Database database,
				ExecType execType) {
			this.seen.add(JdbcClient.create(this.dataSource)
				.sql("""
						select (select count(*) from customers) || ' of ' || (select count(*) from databasechangelog)""")
				.query(String.class)
				.single());
		}

	}

	/**
	 * A custom change that works with the connection of Liquibase.
	 */
	abstract static class ConnectionChange implements CustomTaskChange {

		@Override
		public void execute(Database database) throws CustomChangeException {
			try {
				execute(((JdbcConnection) database.getConnection()).getUnderlyingConnection());
			}
			catch (SQLException ex) {
				throw new CustomChangeException(ex);
			}
		}

		abstract void execute(Connection connection) throws SQLException;

		@Override
		public String getConfirmationMessage() {
			return "Done";
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
	 * Closes the connection, which is not its own.
	 */
	public static class ClosingChange extends ConnectionChange {

		@Override
		void execute(Connection connection) throws SQLException {
			try (connection; Statement statement = connection.createStatement()) {
				statement.execute("insert into rows values (1)");
			}
		}

	}

	/**
	 * Executes a statement of a connection that it has closed.
	 */
	public static class LateChange extends ConnectionChange {

		@Override
		void execute(Connection connection) throws SQLException {
			Statement statement = connection.createStatement();
			connection.close();
			statement.execute("insert into rows values (1)");
		}

	}

	/**
	 * Switches to autocommit and does not switch back.
	 */
	public static class AutoCommittingChange extends ConnectionChange {

		@Override
		void execute(Connection connection) throws SQLException {
			connection.setAutoCommit(true);
			try (Statement statement = connection.createStatement()) {
				statement.execute("insert into rows values (1)");
			}
		}

	}

}
