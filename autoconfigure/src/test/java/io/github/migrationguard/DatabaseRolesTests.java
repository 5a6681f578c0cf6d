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

package io.github.migrationguard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.flyway.FlywayGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Page;
import io.github.migrationguard.testsupport.RolesRecipe;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the recipes in {@code docs/database-roles.md}: its SQL is executed, its
 * configuration is used.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class DatabaseRolesTests {

	private static final Page PAGE = Page.of("database-roles.md");

	private static final Page FIRST = PAGE.section("A migrator and an application");

	private static final Page WAIT = PAGE.section("A role that only waits");

	private static final Page OWNER = PAGE.section("A login that becomes the owner");

	private static final String NOT_ALLOWED = "42501";

	private static final String SQL = "create table item (id serial primary key, name text)";

	private static final Changelog CHANGELOG = Changelog.empty().changeSet("item", SQL);

	@TempDir
	private Path directory;

	private TestDatabase database;

	private RolesRecipe recipe;

	@BeforeEach
	void useDatabase(TestDatabase database) {
		this.database = database;
		this.recipe = new RolesRecipe(database);
		CHANGELOG.writeTo(this.directory);
	}

	@Test
	void migratorMigratesAndApplicationHasNoDdl() throws Exception {
		this.recipe.createMigratorAndApplication();
		migrate(FIRST.code("yaml").get(0));
		assertThat(ownersOfTables()).containsExactly(role("migrator"));
		assertApplicationCanDoItsWork();
		as("migrator", ours(FIRST.code("sql").get(2)));
		as("app", "select count(*) from databasechangelog");
		assertNotAllowed("app", "delete from databasechangelog");
		assertNotAllowed("app", "update databasechangeloglock set locked = true");
	}

	@Test
	void migratorOfFlywayMigrates() throws Exception {
		this.recipe.createMigratorAndApplication();
		FlywayScripts.empty().versioned("item", SQL).install(this.directory);
		migrate(FIRST.code("yaml").get(1));
		assertThat(ownersOfTables()).containsExactly(role("migrator"));
		assertApplicationCanDoItsWork();
	}

	@Test
	void roleThatIsNoSuperuserCanPrepare() throws Exception {
		String administrator = administrator();
		execute();
		as(administrator, ours(FIRST.code("sql").get(0)));
		as(administrator, ours("grant orders_migrator to current_user"));
		as(administrator, ours(FIRST.code("sql").get(1)));
		migrate(FIRST.code("yaml").get(0));
		assertApplicationCanDoItsWork();
	}

	/**
	 * The owner of a database owns its schema public since PostgreSQL 15.
	 */
	private String administrator() {
		String administrator = this.database.createRole("our_admin", "login createrole");
		this.database.superuser()
			.sql("alter database %s owner to %s".formatted(this.database.name(), administrator))
			.update();
		this.database.superuser().sql("alter schema public owner to " + administrator).update();
		return "admin";
	}

	@Test
	void applicationWaitsForMigrator() throws Exception {
		this.recipe.createMigratorAndApplication();
		String configuration = FIRST.code("yaml").get(0);
		String waiting = configuration.substring(0, configuration.indexOf("  liquibase:"));
		assertWaits(runner(waiting).withPropertyValues("migration-guard.role=wait"), runner(configuration));
	}

	@Test
	void roleThatOnlyWaits() throws Exception {
		this.recipe.createMigratorAndApplication();
		execute(WAIT.code("sql").get(0));
		assertWaits(runner(WAIT.code("yaml").get(0)), runner(FIRST.code("yaml").get(0)));
		as("wait", "select * from item");
		assertNotAllowed("wait", "insert into item (name) values ('pen')");
		assertNotAllowed("wait", "delete from databasechangelog");
		assertNotAllowed("wait", "create table pen (id int)");
	}

	@Test
	void roleThatReadsHistoryOnly() throws Exception {
		this.recipe.createMigratorAndApplication();
		execute(WAIT.code("sql").get(1));
		String historySchema = WAIT.code("yaml").get(1);
		assertWaits(runner(WAIT.code("yaml").get(0), historySchema), runner(FIRST.code("yaml").get(0), historySchema));
		as("wait", ours("select * from orders_history.databasechangelog"));
		assertNotAllowed("wait", "select * from item");
		assertNotAllowed("app", ours("select * from orders_history.databasechangelog"));
	}

	@Test
	void databaseThatIsThereAlready() throws Exception {
		List<String> roles = FIRST.code("sql").get(0).lines().toList();
		execute(roles.get(1));
		this.database.superuser().sql("grant create, usage on schema public to " + role("app")).update();
		String configuration = FIRST.code("yaml").get(0);
		migrate(configuration.substring(0, configuration.indexOf("  liquibase:")));
		assertThat(ownersOfTables()).containsExactly(role("app"));
		execute(roles.get(0), FIRST.code("sql").get(1),
				PAGE.section("A database that is there already").code("sql").get(0));
		CHANGELOG.changeSet("more", "alter table item add price numeric").writeTo(this.directory);
		migrate(configuration);
		assertThat(ownersOfTables()).containsExactly(role("migrator"));
		assertApplicationCanDoItsWork();
	}

	@Test
	void loginThatBecomesOwnerByInitSql() throws Exception {
		this.recipe.createMigratorAndApplication();
		execute(OWNER.code("sql").get(0));
		migrate(OWNER.code("yaml").get(0));
		assertThat(ownersOfTables()).containsExactly(role("owner"));
		assertApplicationCanDoItsWork();
	}

	@Test
	void loginThatBecomesOwnerByServer() throws Exception {
		this.recipe.createMigratorAndApplication();
		execute(OWNER.code("sql").get(0), OWNER.code("sql").get(1));
		migrate(FIRST.code("yaml").get(0).replace("migrator", "deploy").replace("MIGRATOR", "DEPLOY"));
		assertThat(ownersOfTables()).containsExactly(role("owner"));
		assertApplicationCanDoItsWork();
	}

	@Test
	void sessionsAreSeenAndEnded() throws Exception {
		this.recipe.createMigratorAndApplication();
		try (Connection stranger = connect(this.database.username(), this.database.password())) {
			String pid = single(stranger, "select pg_backend_pid()");
			String state = "select state from pg_stat_activity where pid = " + pid;
			String end = "select pg_terminate_backend(%s)".formatted(pid);
			assertThat(as("migrator", state)).isNull();
			assertNotAllowed("migrator", end);
			execute(PAGE.section("To see and to end sessions").code("sql").get(0));
			assertThat(as("app", state)).isEqualTo("idle");
			assertNotAllowed("app", end);
			assertThat(as("migrator", state)).isEqualTo("idle");
			assertThat(as("migrator", end)).isEqualTo("t");
		}
	}

	private void assertWaits(ApplicationContextRunner waiter, ApplicationContextRunner migrator) {
		CompletableFuture<Void> wait = CompletableFuture.runAsync(() -> waiter.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
				.containsExactly(MigrationState.UP_TO_DATE);
		}));
		Awaiting.await("a waiter").until(() -> this.database.advisoryLocks().size() == 1 || wait.isDone());
		migrator.run((context) -> assertThat(context).hasNotFailed());
		wait.join();
	}

	private void migrate(String... configuration) {
		runner(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
				.containsExactly(MigrationState.COMPLETED);
		});
	}

	private void assertApplicationCanDoItsWork() throws SQLException {
		as("app", "insert into item (name) values ('pen')");
		as("app", "update item set name = 'pencil'");
		assertThat(as("app", "select name from item")).isEqualTo("pencil");
		as("app", "delete from item");
		assertNotAllowed("app", "create table pen (id int)");
		assertNotAllowed("app", "alter table item add color text");
		assertNotAllowed("app", "drop table item");
		assertNotAllowed("app", "truncate item");
	}

	private List<String> ownersOfTables() {
		return this.database.superuser()
			.sql("select distinct tableowner from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list();
	}

	private void assertNotAllowed(String suffix, String sql) {
		assertThatExceptionOfType(SQLException.class).as(sql)
			.isThrownBy(() -> as(suffix, sql))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo(NOT_ALLOWED));
	}

	private void execute(String... blocks) {
		this.recipe.execute(blocks);
	}

	private String as(String suffix, String sql) throws SQLException {
		String password = suffix.equals("admin") ? this.database.password() : RolesRecipe.PASSWORD;
		try (Connection connection = connect(role(suffix), password)) {
			return single(connection, sql);
		}
	}

	private Connection connect(String user, String password) throws SQLException {
		return DriverManager.getConnection(this.database.url() + "?ApplicationName=test", user, password);
	}

	private static String single(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			if (!statement.execute(sql)) {
				return null;
			}
			try (ResultSet row = statement.getResultSet()) {
				return row.next() ? row.getString(1) : null;
			}
		}
	}

	private String role(String suffix) {
		return this.recipe.role(suffix);
	}

	private String ours(String text) {
		return this.recipe.ours(text);
	}

	private ApplicationContextRunner runner(String... configuration) {
		List<PropertySource<?>> properties = List.of(configuration).stream().map(this::properties).toList();
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							FlywayAutoConfiguration.class, MigrationGuardAutoConfiguration.class,
							LiquibaseGuardAutoConfiguration.class, FlywayGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues(passwords())
			.withPropertyValues(tool(configuration))
			.withInitializer((context) -> properties
				.forEach((source) -> context.getEnvironment().getPropertySources().addLast(source)));
	}

	private static String[] passwords() {
		return List.of("APP", "MIGRATOR", "WAIT", "DEPLOY")
			.stream()
			.map("ORDERS_%s_PASSWORD=change-me"::formatted)
			.toArray(String[]::new);
	}

	private static String[] tool(String... configuration) {
		boolean flyway = String.join("", configuration).contains("flyway:");
		return new String[] { "spring.flyway.enabled=" + flyway, "spring.liquibase.enabled=" + !flyway,
				"spring.liquibase.change-log=classpath:/changelog.sql" };
	}

	private PropertySource<?> properties(String yaml) {
		String text = ours(yaml);
		try {
			return new YamlPropertySourceLoader()
				.load("page " + text.hashCode(), new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
				.get(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
