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
import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the callbacks of the user are called as by stock Flyway, although they share
 * one session with the migrations.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class FlywayCallbackTests {

	private static final String TRACE = """
			insert into trace (entry) select '%s of ' || count(*) from flyway_schema_history""";

	private static final FlywayScripts SCRIPTS = FlywayScripts.ofTables(2)
		.nonTransactional("vacuum", "vacuum table_1")
		.script("R__a_view.sql", "create or replace view a as select * from table_1")
		.script("R__b_view.sql", "create or replace view b as select * from table_2")
		.script("beforeMigrate.sql", "create table if not exists trace (entry text)")
		.script("beforeEachMigrate.sql", TRACE.formatted("before each"))
		.script("afterEachMigrate.sql", TRACE.formatted("after each"))
		.script("afterVersioned.sql", TRACE.formatted("after versioned"))
		.script("beforeRepeatables.sql", TRACE.formatted("before repeatables"))
		.script("afterMigrateApplied.sql", TRACE.formatted("after applied"))
		.script("afterMigrate__b.sql", TRACE.formatted("second after"))
		.script("afterMigrate__a.sql", TRACE.formatted("first after"))
		.script("afterMigrateError.sql", TRACE.formatted("error"));

	private static final FlywayScripts FAILING = SCRIPTS
		.script("V3__vacuum.sql", "create table half (id int);select 1 / 0")
		.script("V3__vacuum.sql.conf", "");

	@TempDir
	private Path directory;

	@Test
	void callbacksAreCalledAsByStockFlyway(TestDatabase database) {
		RecordingCallback stock = new RecordingCallback();
		RecordingCallback guarded = new RecordingCallback();
		for (int start = 0; start < 2; start++) {
			runner(database, "stock", SCRIPTS, stock).run((context) -> assertThat(context).hasNotFailed());
			guarded(runner(database, "guarded", SCRIPTS, guarded)).run((context) -> assertThat(context).hasNotFailed());
		}
		assertThat(stock.events).contains("afterConnect", "beforeEachMigrate V1__table_1.sql",
				"afterEachMigrateStatement R__b_view.sql", "afterMigrateApplied", "afterMigrate");
		assertThat(guarded.events).isEqualTo(stock.events);
		assertThat(trace(database, "stock")).contains("before each of 1", "after versioned of 4", "first after of 6");
		assertThat(trace(database, "guarded")).isEqualTo(trace(database, "stock"));
		assertThat(database.advisoryLocks()).isEmpty();
	}

	@Test
	void callbacksAreCalledAsByStockFlywayWhenMigrationFails(TestDatabase database) {
		RecordingCallback stock = new RecordingCallback();
		RecordingCallback guarded = new RecordingCallback();
		runner(database, "stock", FAILING, stock).run((context) -> assertThat(context).hasFailed());
		guarded(runner(database, "guarded", FAILING, guarded)).run((context) -> assertThat(context).hasFailed());
		assertThat(stock.events).contains("afterEachMigrateError V3__vacuum.sql", "afterMigrateError");
		assertThat(guarded.events).isEqualTo(stock.events);
		assertThat(trace(database, "stock")).endsWith("error of 3");
		assertThat(trace(database, "guarded")).isEqualTo(trace(database, "stock"));
	}

	@Test
	void connectionOfConfigurationDoesNotDisturbMigration(TestDatabase database) {
		guarded(runner(database, "guarded", FlywayScripts.ofTables(2), new ConnectingCallback()))
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=2",
					"spring.datasource.hikari.connection-timeout=1000")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(tables(database)).containsExactly("entries", "flyway_schema_history", "table_1", "table_2");
		assertThat(database.client().sql("select entry from guarded.entries").query(String.class).list())
			.containsExactly("beforeEachMigrate", "afterEachMigrate", "beforeEachMigrate", "afterEachMigrate");
	}

	private ApplicationContextRunner guarded(ApplicationContextRunner runner) {
		return runner.withConfiguration(
				AutoConfigurations.of(MigrationGuardAutoConfiguration.class, FlywayGuardAutoConfiguration.class));
	}

	private ApplicationContextRunner runner(TestDatabase database, String schema, FlywayScripts scripts,
			Callback... callbacks) {
		Path location = this.directory.resolve("scripts");
		scripts.writeTo(location);
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class))
			.withBean(FlywayConfigurationCustomizer.class, () -> (configuration) -> configuration.callbacks(callbacks))
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(), "spring.flyway.schemas=" + schema,
					"spring.flyway.locations=filesystem:" + location);
	}

	private static List<String> trace(TestDatabase database, String schema) {
		return database.client().sql("select entry from %s.trace".formatted(schema)).query(String.class).list();
	}

	private static List<String> tables(TestDatabase database) {
		return database.client()
			.sql("select tablename from pg_tables where schemaname = 'guarded' order by 1")
			.query(String.class)
			.list();
	}

	/**
	 * Remembers every event, and that its connection can be used.
	 */
	static class RecordingCallback implements Callback {

		private final List<String> events = new ArrayList<>();

		@Override
		public boolean supports(Event event, Context context) {
			return true;
		}

		@Override
		public boolean canHandleInTransaction(Event event, Context context) {
			return event != Event.BEFORE_MIGRATE;
		}

		@Override
		public void handle(Event event, Context context) {
			this.events.add(event.getId()
					+ ((context.getMigrationInfo() != null) ? " " + context.getMigrationInfo().getScript() : ""));
			if (!event.getId().endsWith("Error")) {
				this.events.add("in transaction: " + isInTransaction(context));
			}
		}

		private static boolean isInTransaction(Context context) {
			try (Statement statement = context.getConnection().createStatement()) {
				statement.execute("select 1");
				return !context.getConnection().getAutoCommit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public String getCallbackName() {
			return "recording";
		}

	}

	/**
	 * Works on connections of its own, as it may with a pool, and leaves them as they
	 * are.
	 */
	static class ConnectingCallback implements Callback {

		@Override
		public boolean supports(Event event, Context context) {
			return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
		}

		@Override
		public boolean canHandleInTransaction(Event event, Context context) {
			return true;
		}

		@Override
		public void handle(Event event, Context context) {
			try {
				execute(context, "create table if not exists guarded.entries (entry text)", true);
				execute(context, "insert into guarded.entries values ('%s')".formatted(event.getId()), true);
				execute(context, "insert into guarded.entries values ('never')", false);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static void execute(Context context, String sql, boolean commit) throws SQLException {
			try (Connection connection = context.getConfiguration().getDataSource().getConnection();
					Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute(sql);
				if (commit) {
					connection.commit();
				}
			}
		}

		@Override
		public String getCallbackName() {
			return "connecting";
		}

	}

}
