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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationLook.Certainty;
import io.github.migrationguard.lock.HistoryTable;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests for {@link FlywayLook}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class FlywayLookTests {

	private static final FlywayScripts TABLES = FlywayScripts.ofTables(3);

	private static final Consumer<FluentConfiguration> AS_IS = (configuration) -> {
	};

	@TempDir
	private Path directory;

	private TestDatabase database;

	@BeforeEach
	void setUp(TestDatabase database) {
		this.database = database;
	}

	@Test
	void allIsPendingAndNothingIsCreated() throws Exception {
		MigrationLook look = look(TABLES);
		assertThat(look.certainty()).isEqualTo(Certainty.KNOWN);
		assertThat(look.pending()).isEqualTo(TABLES.identifiers());
		assertThat(look.unrecorded()).isEqualTo(3);
		assertThat(look.target().lockIdentity()).isEqualTo("\"public\".\"flyway_schema_history\"");
		assertThat(tables()).isEmpty();
	}

	@Test
	void nothingIsPendingAfterRun() throws Exception {
		migrate(TABLES);
		MigrationLook look = look(TABLES);
		assertThat(look.isUpToDate()).isTrue();
		assertThat(look.applied()).isEqualTo(3);
		assertThat(look.recorded()).isEqualTo(3);
		assertThat(look(TABLES.versioned("new", "select 1")).pending()).containsExactly("V4__new.sql");
	}

	@ParameterizedTest
	@ValueSource(strings = { "afterMigrate.sql", "beforeMigrate__grant rights.sql", "afterConnect.sh" })
	void callbackFileHasToRunAndIsNotExecutedByLook(String file) throws Exception {
		migrate(TABLES);
		FlywayScripts scripts = TABLES.script(file, "create table executed (id int)");
		assertThat(look(scripts).certainty()).isEqualTo(Certainty.ALWAYS);
		assertThat(tables()).doesNotContain("executed");
	}

	@Test
	void callbackInLocationOfItsOwnHasToRun() throws Exception {
		migrate(TABLES);
		FlywayScripts.empty().script("afterMigrate.sql", "select 1").writeTo(this.directory.resolve("callbacks"));
		assertThat(look(TABLES,
				(configuration) -> configuration.callbackLocations("filesystem:" + this.directory.resolve("callbacks")))
			.certainty()).isEqualTo(Certainty.ALWAYS);
	}

	@Test
	void skippedCallbackNeedNotRun() throws Exception {
		migrate(TABLES);
		FlywayScripts scripts = TABLES.script("afterMigrate.sql", "select 1");
		assertThat(look(scripts, (configuration) -> configuration.skipDefaultCallbacks(true)).certainty())
			.isEqualTo(Certainty.KNOWN);
	}

	@Test
	void callbackClassHasToRunAndIsNotCalledByLook() throws Exception {
		migrate(TABLES);
		RecordingCallback callback = new RecordingCallback();
		assertThat(look(TABLES, (configuration) -> configuration.callbacks(callback)).certainty())
			.isEqualTo(Certainty.ALWAYS);
		assertThat(callback.events).isEmpty();
	}

	@Test
	void callbackNamedInConfigurationHasToRun() throws Exception {
		migrate(TABLES);
		assertThat(
				look(TABLES, (configuration) -> configuration.callbacks(RecordingCallback.class.getName())).certainty())
			.isEqualTo(Certainty.ALWAYS);
	}

	@Test
	void strategyHasToRun() throws Exception {
		migrate(TABLES);
		assertThat(look(flyway(TABLES, AS_IS), Flyway::migrate).certainty()).isEqualTo(Certainty.ALWAYS);
	}

	@Test
	void invalidMigrationsHaveToRun() throws Exception {
		migrate(TABLES);
		FlywayScripts edited = TABLES.script("V1__table_1.sql", "select 2");
		assertThat(look(edited).certainty()).isEqualTo(Certainty.ALWAYS);
		assertThat(look(edited, (configuration) -> configuration.validateOnMigrate(false)).isUpToDate()).isTrue();
	}

	@Test
	void twoScriptsOfOneVersionHaveToRun() throws Exception {
		assertThat(look(TABLES.script("V1__other.sql", "select 1")).certainty()).isEqualTo(Certainty.ALWAYS);
	}

	@Test
	void baselineHasToRun() throws Exception {
		this.database.client().sql("create table existing (id int)").update();
		assertThat(look(TABLES).certainty()).isEqualTo(Certainty.ALWAYS);
		Flyway flyway = flyway(TABLES, (configuration) -> configuration.baselineOnMigrate(true).baselineVersion("2"));
		MigrationLook look = look(flyway, null);
		assertThat(look.certainty()).isEqualTo(Certainty.KNOWN);
		assertThat(look.pending()).containsExactly("V3__table_3.sql");
		flyway.migrate();
		assertThat(look(flyway, null).isUpToDate()).isTrue();
		assertThat(tables()).contains("table_3").doesNotContain("table_2");
	}

	@Test
	void baselineIsToBeMadeAlsoIfNothingIsPending() throws Exception {
		this.database.client().sql("create table existing (id int)").update();
		Flyway flyway = flyway(TABLES, (configuration) -> configuration.baselineOnMigrate(true).baselineVersion("3"));
		MigrationLook look = look(flyway, null);
		assertThat(look.certainty()).isEqualTo(Certainty.KNOWN);
		assertThat(look.pending()).isEmpty();
		assertThat(look.hasToWait()).isTrue();
		flyway.migrate();
		assertThat(look(flyway, null).isUpToDate()).isTrue();
	}

	@Test
	void markersOfFlywayAndFailuresAreNoUnits() throws Exception {
		Flyway flyway = flyway(TABLES.nonTransactional("failing", "select 1 / 0"), (configuration) -> {
			configuration.schemas("orders");
			TransactionalLock.switchTo(configuration, false);
		});
		assertThatExceptionOfType(Exception.class).isThrownBy(flyway::migrate);
		assertThat(this.database.client()
			.sql("select count(*) from orders.flyway_schema_history")
			.query(Integer.class)
			.single()).isEqualTo(5);
		assertThat(lookAsWaiter(flyway, null).recorded()).isEqualTo(3);
	}

	@Test
	void missingSchemaHasToBeCreated() throws Exception {
		migrate(TABLES);
		assertThat(look(TABLES, (configuration) -> configuration.schemas("public", "audit")).hasToWait()).isTrue();
		assertThat(look(TABLES, (configuration) -> configuration.schemas("public", "audit").createSchemas(false))
			.isUpToDate()).isTrue();
	}

	@Test
	void historyIsResolvedAsFlywayDoes() throws Exception {
		assertThat(history(AS_IS)).isEqualTo("\"public\".\"flyway_schema_history\"");
		assertThat(history((configuration) -> configuration.schemas("a", "b"))).startsWith("\"a\".");
		assertThat(history((configuration) -> configuration.schemas("a").defaultSchema("x \"y\"").table("History")))
			.isEqualTo("\"x \"\"y\"\"\".\"History\"");
		assertThat(history((configuration) -> configuration.initSql("set search_path = pg_catalog")))
			.startsWith("\"pg_catalog\".");
	}

	private String history(Consumer<FluentConfiguration> customizer) throws Exception {
		HistoryTable history = look(TABLES, customizer).target().history();
		return history.identifier();
	}

	@Test
	void targetAndOutOfOrderAreBelieved() throws Exception {
		assertThat(look(TABLES, (configuration) -> configuration.target("2")).pending())
			.containsExactly("V1__table_1.sql", "V2__table_2.sql");
		migrate(TABLES);
		FlywayScripts late = TABLES.script("V1.5__late.sql", "select 1");
		assertThat(look(late, (configuration) -> configuration.outOfOrder(true)).pending())
			.containsExactly("V1.5__late.sql");
		assertThat(look(late, (configuration) -> configuration.ignoreMigrationPatterns("*:ignored")).isUpToDate())
			.isTrue();
	}

	@Test
	void newerMigrationsOfHistoryAreUnknown() throws Exception {
		migrate(TABLES);
		MigrationLook look = look(FlywayScripts.ofTables(1));
		assertThat(look.unknown()).containsExactly("V2__table_2.sql", "V3__table_3.sql");
		assertThat(look.isUpToDate()).isTrue();
	}

	@Test
	void migrationsOfJavaAreSeen() throws Exception {
		Consumer<FluentConfiguration> java = (configuration) -> configuration.javaMigrations(new V7__Written_in_java());
		assertThat(look(TABLES, java).pending()).endsWith(V7__Written_in_java.class.getName());
		flyway(TABLES, java).migrate();
		assertThat(look(TABLES, java).isUpToDate()).isTrue();
	}

	@Test
	void changedRepeatableIsPendingUntilAppliedAgain() throws Exception {
		migrate(TABLES.script("R__view.sql", "create or replace view v as select 1 as a"));
		FlywayScripts changed = TABLES.script("R__view.sql", "create or replace view v as select 2 as a");
		assertThat(look(changed).pending()).containsExactly("R__view.sql");
		migrate(changed);
		assertThat(look(changed).isUpToDate()).isTrue();
	}

	@Test
	void repeatableWithTimestampIsRecurringOnceItIsRecorded() throws Exception {
		FlywayScripts scripts = TABLES.script("R__stamp.sql", "-- #[Flyway.TimeStamp]\nselect 1");
		Consumer<FluentConfiguration> placeholders = (configuration) -> configuration.placeholderPrefix("#[")
			.placeholderSuffix("]")
			.placeholderSeparator(".");
		assertThat(look(scripts, placeholders).pending()).contains("R__stamp.sql");
		flyway(scripts, placeholders).migrate();
		this.database.client().sql("update flyway_schema_history set checksum = 0 where version is null").update();
		MigrationLook look = look(scripts, placeholders);
		assertThat(look.recurring()).containsExactly("R__stamp.sql");
		assertThat(look.hasToWait()).isFalse();
		assertThat(look.isUpToDate()).isFalse();
	}

	@Test
	void repeatableWhoseChecksumIsNeverTheSameIsRecurring() throws Exception {
		Flyway flyway = flyway(TABLES, (configuration) -> configuration.javaMigrations(new R__Restless()));
		flyway.migrate();
		FlywayLook look = new FlywayLook(new FlywayAccess(new FlywayMigrationInitializer(flyway)));
		assertThat(look.look(this.database.connect()).pending()).hasSize(1);
		assertThat(look.look(this.database.connect()).recurring()).hasSize(1);
	}

	@Test
	void waiterSeesPendingWhateverElseWouldRun() throws Exception {
		FlywayScripts scripts = TABLES.script("afterMigrate.sql", "select 1");
		MigrationLook before = lookAsWaiter(flyway(scripts, AS_IS), null);
		assertThat(before.certainty()).isEqualTo(Certainty.KNOWN);
		assertThat(before.pending()).isEqualTo(TABLES.identifiers());
		migrate(scripts);
		assertThat(lookAsWaiter(flyway(scripts, AS_IS), null).hasToWait()).isFalse();
	}

	@Test
	void waiterRefusesInvalidMigrationsAndWaitsForRepair() throws Exception {
		FlywayScripts failing = TABLES.nonTransactional("failing", "select 1 / 0");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> migrate(failing));
		assertThat(lookAsWaiter(flyway(failing, AS_IS), null).pending()).containsExactly("V4__failing.sql");
		FlywayScripts edited = failing.script("V1__table_1.sql", "select 2");
		assertThatExceptionOfType(FlywayValidateException.class)
			.isThrownBy(() -> lookAsWaiter(flyway(edited, AS_IS), null))
			.withMessageContaining("checksum mismatch");
	}

	@Test
	void waiterDoesNotWaitForWhatDiffersByUser() throws Exception {
		FlywayScripts scripts = TABLES.script("R__grants.sql", "-- ${flyway:user}\nselect 1");
		assertThat(lookAsWaiter(flyway(scripts, AS_IS), null).pending()).contains("R__grants.sql");
		migrate(scripts);
		this.database.client().sql("update flyway_schema_history set checksum = 0 where version is null").update();
		assertThat(lookAsWaiter(flyway(scripts, AS_IS), null).hasToWait()).isFalse();
		assertThat(look(scripts).hasToWait()).isTrue();
	}

	@Test
	void lookDoesNotCallStrategy() throws Exception {
		FlywayMigrationStrategy strategy = (flyway) -> fail("The strategy is called");
		assertThat(look(flyway(TABLES, AS_IS), strategy).certainty()).isEqualTo(Certainty.ALWAYS);
		assertThat(lookAsWaiter(flyway(TABLES, AS_IS), strategy).pending()).isEqualTo(TABLES.identifiers());
	}

	@Test
	void changingHistoryIsUnclear() throws Exception {
		migrate(TABLES);
		try (Connection other = this.database.connect(); var statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("lock table flyway_schema_history in access exclusive mode");
			assertThat(look(TABLES, (configuration) -> configuration.initSql("set lock_timeout = '50ms'")).certainty())
				.isEqualTo(Certainty.UNCLEAR);
		}
	}

	@Test
	void recordsOfOthersDuringLookAreCountedOnce() throws Exception {
		flyway(TABLES, (configuration) -> configuration.target("1")).migrate();
		Flyway others = flyway(TABLES, (configuration) -> configuration.target("2"));
		MigrationLook look = look(TABLES, (configuration) -> configuration.resolvers(new MigrationOfOthers(others)));
		assertThat(look.recorded()).isEqualTo(2);
		assertThat(look.applied()).isEqualTo(2);
		assertThat(look.pending()).containsExactly("V3__table_3.sql");
	}

	@Test
	void filesAreReadOnceUntilForgotten() throws Exception {
		AtomicInteger reads = new AtomicInteger();
		Flyway flyway = flyway(TABLES, (configuration) -> configuration.resolvers((context) -> {
			reads.incrementAndGet();
			return List.of();
		}));
		FlywayLook look = new FlywayLook(new FlywayAccess(new FlywayMigrationInitializer(flyway)));
		assertThat(look.look(this.database.connect()).pending()).isEqualTo(TABLES.identifiers());
		flyway(TABLES, (configuration) -> configuration.target("2")).migrate();
		assertThat(look.look(this.database.connect()).pending()).containsExactly("V3__table_3.sql");
		assertThat(reads).hasValue(1);
		look.forget();
		assertThat(look.look(this.database.connect()).pending()).containsExactly("V3__table_3.sql");
		assertThat(reads).hasValue(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void lookHoldsNoTransactionWhileFilesAreRead(boolean autoCommit) throws Exception {
		List<String> states = new ArrayList<>();
		Flyway flyway = flyway(TABLES, (configuration) -> configuration.resolvers((context) -> {
			states.addAll(this.database.superuser()
				.sql("""
						select state || coalesce(backend_xmin::text, '') from pg_stat_activity
						where datname = current_database() and usename = ?""")
				.param(this.database.username())
				.query(String.class)
				.list());
			return List.of();
		}));
		Connection connection = this.database.connect();
		connection.setAutoCommit(autoCommit);
		new FlywayLook(new FlywayAccess(new FlywayMigrationInitializer(flyway))).look(connection);
		assertThat(states).isNotEmpty().allMatch("idle"::equals);
	}

	@Test
	void lookNeedsNeitherLockNorSecondConnection() throws Exception {
		migrate(TABLES);
		int before = this.database.statementLog().entries().size();
		look(TABLES);
		assertThat(this.database.statementLog().entries().stream().skip(before))
			.noneMatch((entry) -> entry.message().contains("advisory"));
	}

	private void migrate(FlywayScripts scripts) {
		flyway(scripts, AS_IS).migrate();
	}

	private MigrationLook look(FlywayScripts scripts) throws Exception {
		return look(scripts, AS_IS);
	}

	private MigrationLook look(FlywayScripts scripts, Consumer<FluentConfiguration> customizer) throws Exception {
		return look(flyway(scripts, customizer), null);
	}

	private MigrationLook look(Flyway flyway, FlywayMigrationStrategy strategy) throws Exception {
		return new FlywayLook(new FlywayAccess(new FlywayMigrationInitializer(flyway, strategy)))
			.look(this.database.connect());
	}

	private MigrationLook lookAsWaiter(Flyway flyway, FlywayMigrationStrategy strategy) throws Exception {
		return new FlywayLook(new FlywayAccess(new FlywayMigrationInitializer(flyway, strategy)))
			.lookAsWaiter(this.database.connect());
	}

	private Flyway flyway(FlywayScripts scripts, Consumer<FluentConfiguration> customizer) {
		Path location = this.directory.resolve("scripts");
		scripts.writeTo(location);
		FluentConfiguration configuration = Flyway.configure()
			.dataSource(this.database.dataSource())
			.locations("filesystem:" + location);
		customizer.accept(configuration);
		return configuration.load();
	}

	private List<String> tables() {
		return this.database.client()
			.sql("select tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
			.query(String.class)
			.list();
	}

	/**
	 * Remembers what it was called for.
	 */
	public static class RecordingCallback implements Callback {

		private final List<Event> events = new ArrayList<>();

		@Override
		public boolean supports(Event event, Context context) {
			return true;
		}

		@Override
		public boolean canHandleInTransaction(Event event, Context context) {
			return true;
		}

		@Override
		public void handle(Event event, Context context) {
			this.events.add(event);
		}

		@Override
		public String getCallbackName() {
			return "recording";
		}

	}

	/**
	 * Migrates as soon as scripts are looked for, before the history is read.
	 */
	private record MigrationOfOthers(Flyway flyway) implements MigrationResolver {

		@Override
		public Collection<ResolvedMigration> resolveMigrations(Context context) {
			this.flyway.migrate();
			return List.of();
		}

	}

	@SuppressWarnings("checkstyle:TypeName")
	static class V7__Written_in_java extends BaseJavaMigration {

		@Override
		public void migrate(org.flywaydb.core.api.migration.Context context) {
		}

	}

	@SuppressWarnings("checkstyle:TypeName")
	static class R__Restless extends BaseJavaMigration {

		private int checksum;

		@Override
		public Integer getChecksum() {
			return this.checksum++;
		}

		@Override
		public void migrate(org.flywaydb.core.api.migration.Context context) {
		}

	}

}
