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
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.DataSourceKind;
import io.github.migrationguard.testsupport.DataSourceKind.OpenDataSource;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.DataSourceClosingSpringLiquibase;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseDataSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for whose connection migrates: the one of Liquibase's own data source, whatever
 * kind that is and wherever it is configured.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseDataSourceTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	private static final Changelog WITNESS = Changelog.empty().changeSet("witness", """
			create table witness as select session_user::text as login, current_user::text as role,
			  current_setting('app.tenant', true) as tenant, pg_backend_pid() as pid,
			  array(select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'
			    and classid::bigint = %d) as holders""".formatted(LockKey.NAMESPACE));

	private static final String UNREACHABLE = "jdbc:postgresql://localhost:1/orders";

	@TempDir
	private Path directory;

	private String owner;

	@BeforeEach
	void createOwner(TestDatabase database) {
		this.owner = database.createRole("schema_owner", "login");
		database.superuser().sql("grant %s to %s".formatted(this.owner, database.username())).update();
		database.superuser().sql("grant create, usage on schema public to " + this.owner).update();
	}

	@ParameterizedTest
	@EnumSource
	void sessionFollowsDataSource(DataSourceKind kind, TestDatabase database) throws Exception {
		try (OpenDataSource open = kind.open(database, this.owner); Stranger stranger = new Stranger(database)) {
			List<Map<String, String>> before = borrow(open.dataSource());
			CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runner()
				.withInitializer(
						(context) -> context.getBeanFactory().registerSingleton("dataSource", open.dataSource()))
				.run((context) -> assertState(context, MigrationState.COMPLETED)));
			Awaiting.await("a waiter").until(() -> database.advisoryLocks().size() == 1 || run.isDone());
			stranger.unlock();
			run.join();
			assertMigratedBy(database, database.username());
			assertThat(database.client().sql("select tenant from witness").query(String.class).single())
				.isEqualTo("acme");
			assertThat(database.advisoryLocks()).isEmpty();
			assertThat(borrow(open.dataSource())).isEqualTo(before);
		}
	}

	@Test
	void urlOfLiquibase(TestDatabase database) {
		runner()
			.withPropertyValues("spring.datasource.url=" + UNREACHABLE, "spring.liquibase.url=" + database.url(),
					"spring.liquibase.user=" + this.owner, "spring.liquibase.password=" + database.password())
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		assertMigratedBy(database, this.owner);
	}

	@Test
	void userOfLiquibase(TestDatabase database) {
		String application = database.createRole("application", "login");
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			runner().withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + application, "spring.datasource.password=" + database.password(),
					"spring.liquibase.user=" + this.owner, "spring.liquibase.password=" + database.password())
				.run((context) -> assertState(context, state));
		}
		assertMigratedBy(database, this.owner);
	}

	@Test
	void dataSourceOfLiquibase(TestDatabase database) {
		runner().withPropertyValues("spring.datasource.url=" + UNREACHABLE)
			.withBean("migrationDataSource", DataSource.class, () -> dataSource(database),
					LiquibaseDataSourceTests::onlyForLiquibase)
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		assertMigratedBy(database, this.owner);
	}

	@Test
	void connectionDetails(TestDatabase database) {
		runner().withBean(JdbcConnectionDetails.class, () -> new JdbcConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return database.url();
			}

			@Override
			public String getUsername() {
				return LiquibaseDataSourceTests.this.owner;
			}

			@Override
			public String getPassword() {
				return database.password();
			}

		}).run((context) -> assertState(context, MigrationState.COMPLETED));
		assertMigratedBy(database, this.owner);
	}

	@Test
	void connectionDetailsOfLiquibase(TestDatabase database) {
		runner().withPropertyValues("spring.datasource.url=" + UNREACHABLE)
			.withBean(LiquibaseConnectionDetails.class, () -> new LiquibaseConnectionDetails() {

				@Override
				public String getJdbcUrl() {
					return database.url();
				}

				@Override
				public String getUsername() {
					return LiquibaseDataSourceTests.this.owner;
				}

				@Override
				public String getPassword() {
					return database.password();
				}

			})
			.run((context) -> assertState(context, MigrationState.COMPLETED));
		assertMigratedBy(database, this.owner);
	}

	@Test
	void dataSourceIsClosedOnceMigratedIfLiquibaseIsToldSo(TestDatabase database) {
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			HikariDataSource pool = pool(database);
			runner().withBean(SpringLiquibase.class, () -> closingLiquibase(pool)).run((context) -> {
				assertState(context, state);
				assertThat(pool.isClosed()).isTrue();
			});
		}
		assertMigratedBy(database, this.owner);
	}

	@Test
	void dataSourceStaysOpenIfSomethingElseNeedsIt(TestDatabase database) {
		HikariDataSource pool = pool(database);
		DataSourceClosingSpringLiquibase liquibase = closingLiquibase(pool);
		liquibase.setCloseDataSourceOnceMigrated(false);
		runner().withBean(SpringLiquibase.class, () -> liquibase).run((context) -> {
			assertState(context, MigrationState.COMPLETED);
			assertThat(pool.isClosed()).isFalse();
		});
		assertThat(pool.isClosed()).isTrue();
	}

	private static void onlyForLiquibase(BeanDefinition definition) {
		AbstractBeanDefinition bean = (AbstractBeanDefinition) definition;
		bean.addQualifier(new AutowireCandidateQualifier(LiquibaseDataSource.class));
		bean.setDefaultCandidate(false);
	}

	private HikariDataSource pool(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(dataSource(database));
		return pool;
	}

	private PGSimpleDataSource dataSource(TestDatabase database) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(database.url());
		dataSource.setUser(this.owner);
		dataSource.setPassword(database.password());
		return dataSource;
	}

	private static DataSourceClosingSpringLiquibase closingLiquibase(DataSource dataSource) {
		DataSourceClosingSpringLiquibase liquibase = new DataSourceClosingSpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog("classpath:/changelog.sql");
		return liquibase;
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.liquibase.change-log=" + WITNESS.writeTo(this.directory));
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertState(AssertableApplicationContext context, MigrationState state) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(MigrationGuard.class).getStatus()).hasSize(1)
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(state));
	}

	/**
	 * The witness saw who created it, and that its own session held the lock.
	 */
	private void assertMigratedBy(TestDatabase database, String login) {
		assertThat(database.superuser()
			.sql("select login, role, holders = array[pid] as holder from witness")
			.query()
			.singleRow()).containsEntry("login", login).containsEntry("role", this.owner).containsEntry("holder", true);
		assertThat(database.superuser()
			.sql("select distinct tableowner from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).containsExactly(this.owner);
	}

	/**
	 * What somebody meets who borrows, once from each pool that there may be.
	 */
	private static List<Map<String, String>> borrow(DataSource dataSource) throws SQLException {
		return List.of(read(dataSource), read(dataSource), read(dataSource));
	}

	private static Map<String, String> read(DataSource dataSource) throws SQLException {
		Map<String, String> state = new HashMap<>();
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			state.put("autoCommit", String.valueOf(connection.getAutoCommit()));
			state.put("networkTimeout", String.valueOf(connection.getNetworkTimeout()));
			try (ResultSet rows = statement.executeQuery("""
					select name, setting from pg_settings
					union all select 'role', current_setting('role')
					union all select 'app.tenant', current_setting('app.tenant', true)
					union all select 'channels', count(*)::text from pg_listening_channels()""")) {
				while (rows.next()) {
					state.put(rows.getString(1), rows.getString(2));
				}
			}
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
		}
		return state;
	}

	/**
	 * A session that holds the lock and is none of ours.
	 */
	private static final class Stranger implements AutoCloseable {

		private final Connection connection;

		private Stranger(TestDatabase database) throws SQLException {
			this.connection = database.connect();
			execute("select pg_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()));
		}

		private void unlock() throws SQLException {
			execute("select pg_advisory_unlock(%d, %d), pg_notify('migration_guard_%08x_%08x', '')"
				.formatted(KEY.namespace(), KEY.hash(), KEY.namespace(), KEY.hash()));
		}

		private void execute(String sql) throws SQLException {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute(sql);
			}
		}

		@Override
		public void close() throws SQLException {
			this.connection.close();
		}

	}

}
