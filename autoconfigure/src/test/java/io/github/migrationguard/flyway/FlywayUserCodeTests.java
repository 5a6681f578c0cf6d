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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that code of the user that is called by Flyway sees what it sees with Flyway
 * alone. Each runs with and without the guard.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class FlywayUserCodeTests {

	private static final FlywayScripts SCRIPTS = FlywayScripts.empty()
		.versioned("entries", "create table entries (entry text)");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void migrationHasTwoTransactionsOfItsOwn(boolean guarded, TestDatabase database) {
		runner(guarded, database, SCRIPTS).withBean(JavaMigration.class, () -> new TwoConnections(false))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(entries(database)).containsExactly("kept");
		runner(guarded, database, SCRIPTS).withBean(JavaMigration.class, () -> new TwoConnections(false))
			.withBean("transactional", JavaMigration.class, () -> new TwoConnections(true))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(entries(database)).containsExactly("kept", "kept");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void workOnConnectionOfItsOwnIsKeptWhenMigrationFails(boolean guarded, TestDatabase database) {
		runner(guarded, database, SCRIPTS).withBean(JavaMigration.class, FailingMigration::new)
			.run((context) -> assertThat(context).hasFailed());
		assertThat(entries(database)).containsExactly("kept");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void strategyHasConnectionOfItsOwn(boolean guarded, TestDatabase database) {
		runner(guarded, database, SCRIPTS)
			.withBean(FlywayMigrationStrategy.class, () -> FlywayUserCodeTests::migrateWithinTransaction)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(entries(database)).containsExactly("after");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void callbackWithinGroupHasTransactionOfItsOwn(boolean guarded, TestDatabase database) {
		FlywayScripts scripts = SCRIPTS.script("R__view.sql", "select 1 / 0")
			.script("afterVersioned.sql", "create table if not exists after_versioned (id int)");
		runner(guarded, database, scripts).withPropertyValues("spring.flyway.group=true")
			.run((context) -> assertThat(context).hasFailed());
		assertThat(tables(database)).containsExactly("after_versioned", "flyway_schema_history");
		runner(guarded, database, scripts.script("R__view.sql", "select 1"))
			.withPropertyValues("spring.flyway.group=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				if (guarded) {
					assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
						.containsExactly(MigrationState.COMPLETED);
				}
			});
		assertThat(tables(database)).containsExactly("after_versioned", "entries", "flyway_schema_history");
	}

	@Test
	void whatIsMigratedOnAnotherThreadIsShownAsUnguarded(TestDatabase database) {
		runner(true, database, SCRIPTS)
			.withBean(FlywayMigrationStrategy.class, () -> FlywayUserCodeTests::migrateTenantOnAnotherThread)
			.run((context) -> {
				MigrationStatus status = context.getBean(MigrationGuard.class).getStatus().get(0);
				assertThat(status.state()).isEqualTo(MigrationState.UNGUARDED);
				assertThat(status.error()).isNotNull();
				assertThat(status.error().message()).isEqualTo("it migrates on other threads, too");
			});
	}

	@Test
	void whatIsMigratedBesideTransactionOnTheSessionIsShownAsUnguarded(TestDatabase database) {
		runner(true, database, SCRIPTS)
			.withBean(DataSource.class,
					() -> new SingleConnectionDataSource(database.url(), database.username(), database.password(),
							true))
			.withBean(FlywayMigrationStrategy.class, () -> FlywayUserCodeTests::migrateWithinOpenTransaction)
			.run((context) -> {
				MigrationStatus status = context.getBean(MigrationGuard.class).getStatus().get(0);
				assertThat(status.state()).isEqualTo(MigrationState.UNGUARDED);
				assertThat(status.error()).isNotNull();
				assertThat(status.error().message()).isEqualTo("it ran while a transaction was open on its session");
			});
	}

	private static void migrateWithinOpenTransaction(Flyway flyway) {
		try (Connection connection = flyway.getConfiguration().getDataSource().getConnection()) {
			connection.setAutoCommit(false);
			execute(connection, "select 1");
			flyway.migrate();
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void migrateTenantOnAnotherThread(Flyway flyway) {
		flyway.migrate();
		Flyway tenant = Flyway.configure()
			.configuration(flyway.getConfiguration())
			.schemas("tenant")
			.defaultSchema("tenant")
			.load();
		CompletableFuture.runAsync(tenant::migrate).join();
	}

	private static void migrateWithinTransaction(Flyway flyway) {
		try (Connection connection = flyway.getConfiguration().getDataSource().getConnection()) {
			connection.setAutoCommit(false);
			execute(connection, "create table given_up (id int)");
			flyway.migrate();
			connection.rollback();
			execute(connection, "insert into entries values ('after')");
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private ApplicationContextRunner runner(boolean guarded, TestDatabase database, FlywayScripts scripts) {
		Path location = this.directory.resolve("scripts");
		scripts.writeTo(location);
		ApplicationContextRunner stock = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.flyway.locations=filesystem:" + location);
		return guarded ? stock.withConfiguration(
				AutoConfigurations.of(MigrationGuardAutoConfiguration.class, FlywayGuardAutoConfiguration.class))
				: stock;
	}

	private static List<String> entries(TestDatabase database) {
		return database.client().sql("select entry from entries").query(String.class).list();
	}

	private static List<String> tables(TestDatabase database) {
		return database.client()
			.sql("select tablename from pg_tables where schemaname = 'public' order by 1")
			.query(String.class)
			.list();
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Keeps what it does on one connection, gives up what it does on another one.
	 */
	static class TwoConnections implements JavaMigration {

		private final boolean inTransaction;

		TwoConnections(boolean inTransaction) {
			this.inTransaction = inTransaction;
		}

		@Override
		public MigrationVersion getVersion() {
			return MigrationVersion.fromVersion(this.inTransaction ? "3" : "2");
		}

		@Override
		public String getDescription() {
			return "two connections";
		}

		@Override
		public Integer getChecksum() {
			return null;
		}

		@Override
		public boolean canExecuteInTransaction() {
			return this.inTransaction;
		}

		@Override
		public void migrate(Context context) throws SQLException {
			execute(context.getConnection(), "create table own_%s (id int)".formatted(getVersion()));
			DataSource dataSource = context.getConfiguration().getDataSource();
			try (Connection data = dataSource.getConnection(); Connection trial = dataSource.getConnection()) {
				data.setAutoCommit(false);
				trial.setAutoCommit(false);
				execute(data, "insert into entries values ('kept')");
				execute(trial, "insert into entries values ('given up')");
				trial.rollback();
				data.commit();
			}
		}

	}

	/**
	 * Commits on a connection of its own, then fails.
	 */
	static class FailingMigration extends TwoConnections {

		FailingMigration() {
			super(true);
		}

		@Override
		public void migrate(Context context) throws SQLException {
			super.migrate(context);
			throw new SQLException("failed");
		}

	}

}
