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

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.DatabaseUnavailableException;
import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.MigrationFailedException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.MigrationStoppedException;
import io.github.migrationguard.SchemaAheadException;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.LeavingWaiter;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.StatementLog.Entry;
import io.github.migrationguard.testsupport.Stranger;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.function.ThrowingConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link FlywayMigrator} in a context, on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class FlywayMigrationTests {

	private static final String SESSION_LOCK = "spring.flyway.postgresql.transactional-lock=false";

	private static final FlywayScripts TABLES = FlywayScripts.ofTables(3);

	private static final String HISTORY = "\"public\".\"flyway_schema_history\"";

	private static final long FLYWAY_LOCK = 0x466C79776179L + HISTORY.hashCode();

	@TempDir
	private Path directory;

	@Test
	void appliesAndRecordsInOneTransaction(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		run(database, TABLES, (context) -> {
			assertThat(status(context).name()).isEqualTo("flyway");
			assertThat(status(context).tool()).isEqualTo("flyway");
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(status(context).progress().applied()).isEqualTo(3);
			assertThat(status(context).progress().pending()).isZero();
			assertThat(status(context).database().history()).isEqualTo("public.flyway_schema_history");
		});
		ledger.assertAppliedExactlyOnce(TABLES);
		ledger.assertRecordedInTransactionOfStatements();
		assertNothingLeft(database);
	}

	@Test
	void needsNoLockAndNothingMoreThanStockWhenNothingIsPending(TestDatabase database) {
		run(database, TABLES, (context) -> {
		});
		List<Entry> stock = entriesOf(database, stock(database, TABLES));
		List<Entry> guarded = entriesOf(database, runner(database, TABLES));
		assertThat(statements(stock)).anyMatch((sql) -> sql.contains("advisory"));
		assertThat(statements(guarded)).isNotEmpty()
			.noneMatch((sql) -> sql.contains("advisory"))
			.hasSizeLessThanOrEqualTo(statements(stock).size());
		assertThat(guarded.stream().filter(Entry::isConnection).count()).isPositive()
			.isLessThanOrEqualTo(stock.stream().filter(Entry::isConnection).count());
	}

	private static List<Entry> entriesOf(TestDatabase database, ApplicationContextRunner runner) {
		int before = database.statementLog().entries().size();
		runner.withPropertyValues("spring.datasource.hikari.minimum-idle=0")
			.run((context) -> assertThat(context).hasNotFailed());
		return database.statementLog().entries().stream().skip(before).toList();
	}

	private static List<String> statements(List<Entry> entries) {
		return entries.stream().filter(Entry::isStatement).map(Entry::sql).toList();
	}

	@Test
	void runsWhileBeansAreCreatedIfTheyNeedTheSchema(TestDatabase database) {
		runner(database, TABLES).withUserConfiguration(ReadsTableWhileCreated.class)
			.withPropertyValues("migration-guard.startup.mode=in-refresh")
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
	}

	@Test
	void failureOfCallbackIsNoFailureOfMigration(TestDatabase database) {
		FlywayScripts failing = TABLES.script("afterMigrate.sql", "select 1 / 0");
		run(database, failing,
				(context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
						assertThat(ex.getUnit()).isNull();
						assertThat(ex.getSqlState()).isEqualTo("22012");
					}));
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
		assertNothingLeft(database);
	}

	@Test
	void poolOfOneConnectionIsEnoughAndThatOneIsDiscarded(TestDatabase database) {
		runner(database, TABLES.script("afterMigrate.sql", "create table after_migrate (id int)"))
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1",
					"spring.datasource.hikari.connection-timeout=1000")
			.run((context) -> {
				assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
				assertThat(applicationName(context)).isEqualTo("PostgreSQL JDBC Driver");
				assertThat(database.advisoryLocks()).isEmpty();
			});
		assertThat(tableExists(database, "after_migrate")).isTrue();
	}

	@Test
	void createsSchemasAndNothingOfOurs(TestDatabase database) {
		runner(database, TABLES).withPropertyValues("spring.flyway.schemas=Orders Service,audit")
			.run((context) -> assertThat(status(context).database().history())
				.isEqualTo("Orders Service.flyway_schema_history"));
		assertThat(database.client()
			.sql("select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
			.query(String.class)
			.list()).containsExactlyInAnyOrder("Orders Service.flyway_schema_history", "Orders Service.table_1",
					"Orders Service.table_2", "Orders Service.table_3");
		runner(database, TABLES).withPropertyValues("spring.flyway.schemas=Orders Service,audit")
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.UP_TO_DATE));
	}

	@Test
	void createsHistoryWhenThereIsNoMigration(TestDatabase database) {
		run(database, FlywayScripts.empty(),
				(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(tableExists(database, "flyway_schema_history")).isTrue();
		run(database, FlywayScripts.empty(),
				(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.UP_TO_DATE));
	}

	@Test
	void runsEveryBeanUnderTheNameOfItsFlyway(TestDatabase database) {
		runner(database, TABLES).withUserConfiguration(TwoBeans.class)
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus())
				.extracting(MigrationStatus::name, MigrationStatus::state)
				.containsExactly(tuple("orders", MigrationState.COMPLETED), tuple("second", MigrationState.COMPLETED)));
		assertThat(tableExists(database, "second.table_3")).isTrue();
	}

	@Test
	void beansWithOneHistoryKnowItTogether(TestDatabase database) {
		FlywayScripts.empty().versioned("first", "create table first (id int)").writeTo(this.directory.resolve("one"));
		FlywayScripts.empty()
			.script("V2__second.sql", "create table second (id int)")
			.writeTo(this.directory.resolve("two"));
		ApplicationContextRunner both = runner(database, TABLES).withUserConfiguration(OneHistory.class)
			.withPropertyValues("migration-guard.schema-ahead=fail", "migration-guard.startup.mode=gate");
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			both.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MigrationGuard.class).getStatus()).extracting(MigrationStatus::state)
					.containsExactly(state, state);
			});
		}
		database.client().sql("update flyway_schema_history set version = '3' where version = '2'").update();
		both.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(SchemaAheadException.class,
					(ex) -> assertThat(ex.getUnits()).containsExactly("V2__second.sql")));
	}

	@Test
	void runsNextToLiquibase(TestDatabase database) {
		Changelog changelog = Changelog.empty().changeSet("other", "create table other (id int)");
		runner(database, TABLES)
			.withPropertyValues("spring.liquibase.enabled=true", "spring.flyway.baseline-on-migrate=true",
					"spring.flyway.baseline-version=0",
					"spring.liquibase.change-log=" + changelog.writeTo(this.directory))
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus())
				.extracting(MigrationStatus::tool, MigrationStatus::state)
				.containsExactlyInAnyOrder(tuple("liquibase", MigrationState.COMPLETED),
						tuple("flyway", MigrationState.COMPLETED)));
		assertThat(tableExists(database, "other")).isTrue();
		assertThat(tableExists(database, "table_3")).isTrue();
	}

	@Test
	void stepsAsideForOtherDatabase() {
		runner("jdbc:h2:mem:flyway", "sa", "", TABLES).withUserConfiguration(ReadsTableWhileCreated.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty();
			});
	}

	@Test
	void stepsAsideForMock() {
		runner("jdbc:postgresql://localhost:1/none", "none", "", TABLES).withUserConfiguration(MockedFlyway.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MockedFlyway.class).migrated).isTrue();
			});
	}

	@Test
	void failureNamesScriptAndLeavesNothing(TestDatabase database) {
		FlywayScripts failing = TABLES.versioned("broken",
				"create table broken (id int);\nalter table missing add x int");
		run(database, failing,
				(context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
						assertThat(ex.getUnit()).isEqualTo("V4__broken.sql");
						assertThat(ex.getSqlState()).isEqualTo("42P01");
						assertThat(ex.getReason()).contains("relation \"missing\" does not exist");
					}));
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
		assertThat(tableExists(database, "broken")).isFalse();
		assertNothingLeft(database);
	}

	@Test
	void failureAtCommitNamesScript(TestDatabase database) {
		FlywayScripts failing = TABLES.versioned("orphan", """
				create table parent (id int primary key);
				create table child (id int references parent deferrable initially deferred);
				insert into child values (1)""");
		run(database, failing,
				(context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
						assertThat(ex.getUnit()).isEqualTo("V4__orphan.sql");
						assertThat(ex.getSqlState()).isEqualTo("23503");
					}));
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
		assertNothingLeft(database);
	}

	@Test
	void failureOutsideTransactionNeedsRepair(TestDatabase database) {
		FlywayScripts failing = TABLES.nonTransactional("twice",
				"create table once (id int);\ncreate table table_1 (id int)");
		runner(database, failing).withPropertyValues(SESSION_LOCK)
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
					assertThat(ex.getUnit()).isEqualTo("V4__twice.sql");
					assertThat(ex.getSqlState()).isEqualTo("42P07");
					assertThat(ex.getCause()).isInstanceOfSatisfying(RepairNeededException.class,
							(needed) -> assertThat(needed.getScript()).isEqualTo("V4__twice.sql"));
				}));
		runner(database, failing).withPropertyValues(SESSION_LOCK)
			.run((context) -> assertThat(context).getFailure().cause().hasCauseInstanceOf(RepairNeededException.class));
		database.client().sql("drop table once").update();
		runner(database, TABLES.nonTransactional("twice", "create table once (id int)"))
			.withUserConfiguration(RepairsFirst.class)
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(scripts(database)).containsExactly("V1__table_1.sql", "V2__table_2.sql", "V3__table_3.sql",
				"V4__twice.sql");
		assertNothingLeft(database);
	}

	@Test
	void analysisOfFailureOutsideTransactionTellsHowToGoOn(TestDatabase database) {
		FlywayScripts failing = TABLES.nonTransactional("index", """
				insert into table_1 values (1), (1);
				create unique index concurrently table_1_id on table_1 (id)""");
		runner(database, failing).withPropertyValues(SESSION_LOCK).run((context) -> {
			FailureAnalysis analysis = new RepairNeededFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription())
				.startsWith("The flyway migration 'flyway' failed in the unit 'V4__index.sql' with SQLSTATE 23505:")
				.contains("recorded as failed in " + HISTORY);
			assertThat(analysis.getAction()).contains("INVALID index");
			String[] lines = analysis.getAction().split("\n");
			database.client().sql(lines[lines.length - 1].strip()).update();
		});
		database.client().sql("drop index table_1_id").update();
		database.client().sql("delete from table_1").update();
		run(database, TABLES.nonTransactional("index", "create index concurrently table_1_id on table_1 (id)"),
				(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
	}

	@Test
	void analysisLeavesOtherFailuresToOthers(TestDatabase database) {
		run(database, TABLES.versioned("broken", "select 1 / 0"),
				(context) -> assertThat(new RepairNeededFailureAnalyzer().analyze(context.getStartupFailure()))
					.isNull());
	}

	@Test
	void buildsIndexConcurrently(TestDatabase database) {
		run(database, TABLES.nonTransactional("index", "create index concurrently table_1_id on table_1 (id)"),
				(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(scripts(database)).hasSize(4);
		assertNothingLeft(database);
	}

	@Test
	void callsStrategyOfUserWithFlywayOnTheSession(TestDatabase database) {
		run(database, TABLES, (context) -> {
		});
		FlywayScripts edited = TABLES.script("V1__table_1.sql", "create table table_1 (id bigint)")
			.versioned("fourth", "create table fourth (id int)");
		run(database, edited, (context) -> assertThat(context).getFailure().cause().hasMessageContaining("checksum"));
		runner(database, edited).withUserConfiguration(RepairsFirst.class).run((context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(status(context).progress().applied()).isPositive();
		});
		assertThat(tableExists(database, "fourth")).isTrue();
		assertNothingLeft(database);
	}

	@Test
	void strategyThatKeepsTheBeanRunsOnTheSessionToo(TestDatabase database) {
		runner(database, TABLES).withUserConfiguration(KeepsBean.class)
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1",
					"spring.datasource.hikari.connection-timeout=1000")
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
	}

	@Test
	void strategyThatMigratesTenantsIsTriedAgainWhenOneOfThemIsBlocked(TestDatabase database) {
		FlywayScripts scripts = FlywayScripts.empty().versioned("orders", "create table orders (id int)");
		runner(database, scripts).withUserConfiguration(MigratesTenants.class)
			.run((context) -> assertThat(context).hasNotFailed());
		FlywayScripts newer = scripts.nonTransactional("total", "alter table orders add total int")
			.versioned("after", "create table after (id int)");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select from tenant_a.orders")) {
			Starts starts = new Starts(runner(database, newer).withUserConfiguration(MigratesTenants.class), 1);
			starts.awaitStates(MigrationState.BACKING_OFF);
			assertThat(tableExists(database, "tenant_b.after")).isFalse();
			blocker.commit();
			starts.awaitStates(MigrationState.COMPLETED);
		}
		for (String tenant : List.of("tenant_a", "tenant_b")) {
			assertThat(database.client()
				.sql("select script || ' ' || success from %s.flyway_schema_history order by installed_rank offset 1"
					.formatted(tenant))
				.query(String.class)
				.list()).containsExactly("V1__orders.sql true", "V2__total.sql true", "V3__after.sql true");
			assertThat(tableExists(database, tenant + ".after")).isTrue();
		}
		assertThat(tableExists(database, "flyway_schema_history")).isFalse();
	}

	@Test
	void failedRecordOfTenantIsLeftToItsOwner(TestDatabase database) {
		FlywayScripts scripts = FlywayScripts.empty()
			.versioned("orders", "create table orders (id int);\ninsert into orders values (1), (1)")
			.nonTransactional("index", "create unique index concurrently orders_id on orders (id)");
		runner(database, scripts).withUserConfiguration(MigratesTenants.class)
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
					assertThat(ex.getUnit()).isEqualTo("V2__index.sql");
					assertThat(ex.getSqlState()).isEqualTo("23505");
				}));
		assertThat(database.client()
			.sql("select script from tenant_a.flyway_schema_history where not success")
			.query(String.class)
			.list()).containsExactly("V2__index.sql");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void blockedAttemptIsNoError(boolean transactional, TestDatabase database) {
		FlywayScripts scripts = FlywayScripts.empty()
			.versioned("orders", "create table orders (id int);\ncreate table alarm (event text)");
		run(database, scripts, (context) -> assertThat(context).hasNotFailed());
		FlywayScripts newer = scripts
			.script("afterEachMigrateError.sql", "insert into alarm values ('afterEachMigrateError')")
			.script("afterMigrateError.sql", "insert into alarm values ('afterMigrateError')");
		newer = transactional ? newer.versioned("total", "alter table orders add total int")
				: newer.nonTransactional("total", "alter table orders add total int");
		AlarmingCallback callback = new AlarmingCallback();
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select from orders")) {
			Starts starts = new Starts(runner(database, newer).withBean(FlywayConfigurationCustomizer.class,
					() -> (configuration) -> configuration.callbacks(callback)), 1);
			starts.awaitStates(MigrationState.BACKING_OFF);
			blocker.commit();
			starts.awaitStates(MigrationState.COMPLETED);
		}
		assertThat(callback.events).containsExactly(Event.AFTER_MIGRATE);
		assertThat(database.client().sql("select event from alarm").query(String.class).list()).isEmpty();
	}

	@Test
	void strategyThatDoesNothingIsRunUnderLock(TestDatabase database) {
		for (int start = 0; start < 2; start++) {
			runner(database, TABLES).withBean(FlywayMigrationStrategy.class, () -> (flyway) -> {
			}).run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		}
		assertThat(tableExists(database, "flyway_schema_history")).isFalse();
		assertNothingLeft(database);
	}

	@Test
	void strategyThatDoesNothingNeedsNoDatabase(CapturedOutput output) {
		AtomicInteger calls = new AtomicInteger();
		withoutDatabase((flyway) -> calls.incrementAndGet())
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.SKIPPED));
		assertThat(calls).hasValue(1);
		assertThat(output).contains("Migration 'flyway' is skipped: it has ended without its database");
	}

	@Test
	void strategyThatFailsWithoutAskingForTheDatabaseFailsTheStart() {
		withoutDatabase((flyway) -> {
			throw new IllegalStateException("no");
		}).run((context) -> assertThat(context).getFailure()
			.cause()
			.isInstanceOf(MigrationFailedException.class)
			.hasRootCauseMessage("no"));
	}

	@Test
	void strategyThatMigratesWaitsForDatabase() {
		AtomicInteger calls = new AtomicInteger();
		withoutDatabase((flyway) -> {
			calls.incrementAndGet();
			flyway.migrate();
		}).run((context) -> assertThat(context).getFailure().cause().isInstanceOf(DatabaseUnavailableException.class));
		assertThat(calls).hasValue(1);
	}

	private ApplicationContextRunner withoutDatabase(FlywayMigrationStrategy strategy) {
		return runner("jdbc:postgresql://localhost:1/none", "none", "", TABLES)
			.withBean(FlywayMigrationStrategy.class, () -> strategy)
			.withPropertyValues("spring.datasource.hikari.connection-timeout=500",
					"migration-guard.database.wait-timeout=1s");
	}

	@Test
	void strategyThatFailsIsNotRepeated(TestDatabase database) {
		AtomicInteger runs = new AtomicInteger();
		runner(database, TABLES).withBean(FlywayMigrationStrategy.class, () -> (flyway) -> {
			runs.incrementAndGet();
			throw new IllegalStateException(new SQLException("There is such a row", "23505"));
		}).run((context) -> assertThat(context).hasFailed());
		assertThat(runs).hasValue(1);
	}

	@Test
	void subclassOfFlywayRunsOnTheSession(TestDatabase database) {
		runner(database, TABLES).withUserConfiguration(CountsRuns.class).run((context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(context.getBean(CountingFlyway.class).runs).isOne();
		});
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
	}

	@Test
	void givesConfigurationBack(TestDatabase database) {
		run(database, TABLES, (context) -> {
			assertThat(context).hasNotFailed();
			var configuration = context.getBean(Flyway.class).getConfiguration();
			assertThat(configuration.getDataSource()).isSameAs(context.getBean(DataSource.class));
			assertThat(configuration.getCallbacks()).isEmpty();
			assertThat(TransactionalLock.isOn(configuration)).isTrue();
		});
	}

	@Test
	void goesOnWhenMigrationDropsLock(TestDatabase database) {
		FlywayScripts scripts = TABLES.nonTransactional("discard", "discard all")
			.versioned("after", "create table after (id int)");
		run(database, scripts, (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(scripts(database)).isEqualTo(scripts.identifiers());
		assertNothingLeft(database);
	}

	@Test
	void failsWhenMigrationsDropLockTwice(TestDatabase database) {
		FlywayScripts scripts = TABLES.versioned("drop", "select pg_advisory_unlock_all()")
			.versioned("again", "select pg_advisory_unlock_all()")
			.versioned("after", "create table after (id int)");
		run(database, scripts,
				(context) -> assertThat(context).getFailure()
					.cause()
					.hasMessage("The session of the migration 'flyway' lost its advisory lock while or after"
							+ " 'V5__again.sql' ran"));
		assertNothingLeft(database);
	}

	@Test
	void waitsForLockOfStockFlyway(TestDatabase database) throws Exception {
		try (Connection stock = database.connect(); var statement = stock.createStatement()) {
			stock.setAutoCommit(false);
			statement.execute("select pg_advisory_xact_lock(%d)".formatted(FLYWAY_LOCK));
			runner(database, TABLES).withPropertyValues("migration-guard.lock.wait-timeout=2s")
				.run((context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(LockWaitTimeoutException.class, (ex) -> {
						assertThat(ex.getToolLock().table()).isEqualTo("public.flyway_schema_history");
						assertThat(ex.getToolLock().lockedBy()).contains("test (pid ", database.username());
						database.client().sql(ex.getToolLock().remedy()).query(Boolean.class).single();
					}));
		}
		run(database, TABLES, (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
	}

	@Test
	void holdsFlywaysLockAlsoWhenNoMigrationIsApplied(TestDatabase database) {
		Gate gate = Ledger.install(database).close("start");
		CompletableFuture<Void> guarded = CompletableFuture
			.runAsync(() -> run(database, TABLES.script("beforeMigrate.sql", "select ledger.pass('start')"),
					(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED)));
		int runner = gate.awaitArrival();
		assertThat(database.superuser()
			.sql("""
					select pid from pg_locks
					where locktype = 'advisory' and objsubid = 1 and (classid::bigint << 32) + objid::bigint = ?""")
			.param(FLYWAY_LOCK)
			.query(Integer.class)
			.list()).containsExactly(runner);
		gate.open();
		assertThat(guarded).succeedsWithin(Duration.ofMinutes(1));
		assertNothingLeft(database);
	}

	@Test
	void waiterNeedsNoFlywayToSeeThatItsUnitsAreRecorded(TestDatabase database) {
		Gate gate = Ledger.install(database).close("last");
		FlywayScripts scripts = TABLES.gate("last");
		LeavingWaiter.assertNeedsNoTool(database, gate,
				() -> run(database, scripts,
						(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED)),
				() -> run(database, scripts,
						(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.UP_TO_DATE)));
	}

	@Test
	void waitersLeaveTogetherWhenBaselineWasMade(TestDatabase database) throws Exception {
		database.client().sql("create table existing (id int)").update();
		Starts starts = new Starts(runner(database, TABLES).withPropertyValues("spring.flyway.baseline-on-migrate=true",
				"spring.flyway.baseline-version=1"), 3);
		try (Stranger stranger = new Stranger(database, LockKey.of(HISTORY, HISTORY))) {
			starts.awaitStates(MigrationState.WAITING, MigrationState.WAITING, MigrationState.WAITING);
			assertThat(starts.statuses()).allSatisfy((status) -> assertThat(status.progress().pendingUnits())
				.containsExactly("V2__table_2.sql", "V3__table_3.sql"));
			stranger.unlock();
		}
		starts.awaitStates(MigrationState.COMPLETED, MigrationState.UP_TO_DATE, MigrationState.UP_TO_DATE);
		assertThat(starts.statuses()).allSatisfy((status) -> assertThat(status.progress().applied()).isEqualTo(2));
		assertThat(scripts(database)).containsExactly("<< Flyway Baseline >>", "V2__table_2.sql", "V3__table_3.sql");
	}

	@Test
	void waitersLeaveTogetherWhenNothingButBaselineWasMade(TestDatabase database) throws Exception {
		database.client().sql("create table existing (id int)").update();
		Starts starts = new Starts(runner(database, TABLES).withPropertyValues("spring.flyway.baseline-on-migrate=true",
				"spring.flyway.baseline-version=3"), 3);
		try (Stranger stranger = new Stranger(database, LockKey.of(HISTORY, HISTORY))) {
			starts.awaitStates(MigrationState.WAITING, MigrationState.WAITING, MigrationState.WAITING);
			stranger.unlock();
		}
		starts.awaitStates(MigrationState.COMPLETED, MigrationState.UP_TO_DATE, MigrationState.UP_TO_DATE);
		assertThat(scripts(database)).containsExactly("<< Flyway Baseline >>");
	}

	@Test
	void waiterDoesNotCountTheRowOfTheSchema(TestDatabase database) throws Exception {
		Gate gate = Ledger.install(database).close("last");
		Starts starts = new Starts(
				runner(database, TABLES.gate("last")).withPropertyValues("spring.flyway.schemas=orders"), 2);
		try (Stranger stranger = new Stranger(database, LockKey.of("\"orders\".\"flyway_schema_history\"", "orders"))) {
			starts.awaitStates(MigrationState.WAITING, MigrationState.WAITING);
			stranger.unlock();
		}
		gate.awaitArrival();
		Awaiting.await("progress").untilAsserted(() -> assertThat(starts.statuses()).allSatisfy((status) -> {
			assertThat(status.progress().applied()).isEqualTo(3);
			assertThat(status.progress().pending()).isOne();
		}));
		gate.open();
		starts.awaitStates(MigrationState.COMPLETED, MigrationState.UP_TO_DATE);
	}

	@Test
	void excludesStockFlywayDuringTheWholeRun(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		FlywayScripts scripts = TABLES.gate("middle").versioned("last", "create table last (id int)");
		CompletableFuture<Void> guarded = CompletableFuture.runAsync(() -> run(database, scripts,
				(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED)));
		int runner = gate.awaitArrival();
		CompletableFuture<Void> stock = CompletableFuture
			.runAsync(() -> stock(database, scripts).run((context) -> assertThat(context).hasNotFailed()));
		Awaiting.await("stock Flyway tries")
			.until(() -> database.statementLog()
				.statements()
				.stream()
				.anyMatch((entry) -> entry.pid() != runner && entry.sql().contains("pg_try_advisory_xact_lock")));
		gate.open();
		assertThat(guarded).succeedsWithin(Duration.ofMinutes(1));
		assertThat(stock).succeedsWithin(Duration.ofMinutes(1));
		ledger.assertAppliedExactlyOnce(scripts);
		assertThat(ledger.runners()).containsExactly(runner);
	}

	@Test
	void stopCancelsMigrationAndLeavesNothingOfIt(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.closeBeforeRecordOf("V2__table_2.sql");
		CompletableFuture<ApplicationContext> context = new CompletableFuture<>();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		new Thread(() -> runner(database, TABLES).withInitializer(context::complete)
			.withPropertyValues("migration-guard.shutdown.grace=0s")
			.run((started) -> failure.complete(started.getStartupFailure()))).start();
		gate.awaitArrival();
		assertThat(context.join().getBean(MigrationGuard.class).stop()).isTrue();
		assertThat(failure).succeedsWithin(Duration.ofMinutes(1))
			.extracting(Throwable::getCause)
			.isInstanceOf(MigrationStoppedException.class);
		assertThat(scripts(database)).containsExactly("V1__table_1.sql");
		assertThat(tableExists(database, "table_2")).isFalse();
		Awaiting.await("nothing left").untilAsserted(() -> assertNothingLeft(database));
	}

	@Test
	void lostConnectionIsReportedAsSuch(TestDatabase database) {
		FlywayScripts scripts = TABLES.versioned("suicide", "select pg_terminate_backend(pg_backend_pid())");
		run(database, scripts,
				(context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
						assertThat(ex.getUnit()).isEqualTo("V4__suicide.sql");
						assertThat(ex.getSqlState()).isEqualTo("57P01");
					}));
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
	}

	@Test
	void appliesOnceWhenManyContextsStartAtOnce(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		TABLES.install(this.directory);
		List<CompletableFuture<MigrationState>> states = IntStream.range(0, 4)
			.mapToObj((number) -> CompletableFuture.supplyAsync(() -> {
				MigrationState[] state = new MigrationState[1];
				configured(database.url(), database.username(), database.password())
					.run((context) -> state[0] = status(context).state());
				return state[0];
			}))
			.toList();
		assertThat(states.stream().map(CompletableFuture::join))
			.allMatch((state) -> state == MigrationState.COMPLETED || state == MigrationState.UP_TO_DATE);
		ledger.assertAppliedExactlyOnce(TABLES);
		assertNothingLeft(database);
	}

	@Test
	void instanceThatOnlyWaitsGoesOnWhenOthersHaveMigrated(TestDatabase database) {
		runner(database, TABLES).run((context) -> assertThat(context).hasNotFailed());
		FlywayScripts newer = TABLES.versioned("newer", "create table newer (id int)");
		String reader = database.createRole("reader", "login");
		database.superuser().sql("grant select on flyway_schema_history to " + reader).update();
		CompletableFuture<Void> waiting = CompletableFuture
			.runAsync(() -> runner(database.url(), reader, database.password(), newer)
				.withPropertyValues("migration-guard.role=wait")
				.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.UP_TO_DATE)));
		Awaiting.await("a follower")
			.until(() -> database.sessions().stream().anyMatch((session) -> session.applicationName().contains(":F:")));
		assertThat(waiting).isNotDone();
		stock(database, newer).run((context) -> assertThat(context).hasNotFailed());
		assertThat(waiting).succeedsWithin(Duration.ofMinutes(1));
	}

	@Test
	void keepsRoleAndSearchPathOfPool(TestDatabase database) {
		String role = database.createRole("schema_owner", "nologin");
		database.superuser().sql("grant %s to %s".formatted(role, database.username())).update();
		database.superuser().sql("grant all on schema public to " + role).update();
		runner(database, TABLES)
			.withPropertyValues("spring.datasource.hikari.connection-init-sql=set role " + role,
					"spring.datasource.hikari.auto-commit=false")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(database.client()
			.sql("select distinct tableowner from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).containsExactly(role);
		assertNothingLeft(database);
	}

	@Test
	void usesOwnUrlUserAndPasswordOfFlyway(TestDatabase database) {
		runner("jdbc:postgresql://localhost:1/none", "none", "", TABLES)
			.withPropertyValues("spring.flyway.url=" + database.url(), "spring.flyway.user=" + database.username(),
					"spring.flyway.password=" + database.password(),
					"spring.datasource.hikari.initialization-fail-timeout=-1")
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(scripts(database)).isEqualTo(TABLES.identifiers());
		assertNothingLeft(database);
	}

	private void run(TestDatabase database, FlywayScripts scripts,
			ThrowingConsumer<AssertableApplicationContext> check) {
		runner(database, scripts).run(check::acceptWithException);
	}

	private ApplicationContextRunner runner(TestDatabase database, FlywayScripts scripts) {
		return runner(database.url(), database.username(), database.password(), scripts);
	}

	private ApplicationContextRunner runner(String url, String username, String password, FlywayScripts scripts) {
		scripts.install(this.directory);
		return configured(url, username, password);
	}

	private ApplicationContextRunner configured(String url, String username, String password) {
		return stock(url, username, password)
			.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class,
					FlywayGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class));
	}

	private ApplicationContextRunner stock(TestDatabase database, FlywayScripts scripts) {
		scripts.install(this.directory);
		return stock(database.url(), database.username(), database.password());
	}

	private ApplicationContextRunner stock(String url, String username, String password) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					LiquibaseAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + url, "spring.datasource.username=" + username,
					"spring.datasource.password=" + password, "spring.liquibase.enabled=false");
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MigrationStatus status(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(MigrationGuard.class).getStatus().get(0);
	}

	private static String applicationName(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return JdbcClient.create(context.getBean(HikariDataSource.class))
			.sql("select current_setting('application_name')")
			.query(String.class)
			.single();
	}

	private static List<String> scripts(TestDatabase database) {
		return database.client()
			.sql("select script from flyway_schema_history order by installed_rank")
			.query(String.class)
			.list();
	}

	private static boolean tableExists(TestDatabase database, String table) {
		return database.client().sql("select to_regclass(?) is not null").param(table).query(Boolean.class).single();
	}

	private static void assertNothingLeft(TestDatabase database) {
		assertThat(database.advisoryLocks()).isEmpty();
		Awaiting.await("no session").until(() -> database.sessions().isEmpty());
	}

	/**
	 * Several replicas that start at once.
	 */
	private static final class Starts {

		private final List<MigrationGuard> guards = new CopyOnWriteArrayList<>();

		private final int count;

		Starts(ApplicationContextRunner runner, int count) {
			this.count = count;
			for (int replica = 0; replica < count; replica++) {
				CompletableFuture
					.runAsync(() -> runner.withBean(BeanPostProcessor.class, () -> new BeanPostProcessor() {

						@Override
						public Object postProcessAfterInitialization(Object bean, String beanName) {
							if (bean instanceof MigrationGuard guard) {
								Starts.this.guards.add(guard);
							}
							return bean;
						}

					}).run((context) -> assertThat(context).hasNotFailed()));
			}
		}

		List<MigrationStatus> statuses() {
			return this.guards.stream().map((guard) -> guard.getStatus().get(0)).toList();
		}

		void awaitStates(MigrationState... states) {
			Awaiting.await("states").untilAsserted(() -> {
				assertThat(this.guards).hasSize(this.count).noneMatch((guard) -> guard.getStatus().isEmpty());
				assertThat(statuses()).as("%s", statuses())
					.extracting(MigrationStatus::state)
					.containsExactlyInAnyOrder(states);
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoBeans {

		@Bean
		Flyway orders(DataSource dataSource) {
			return flyway(dataSource, "orders");
		}

		@Bean
		Flyway hidden(DataSource dataSource) {
			return flyway(dataSource, "hidden");
		}

		@Bean
		FlywayMigrationInitializer first(Flyway orders) {
			return new FlywayMigrationInitializer(orders);
		}

		@Bean
		FlywayMigrationInitializer second(DataSource dataSource) {
			return new FlywayMigrationInitializer(flyway(dataSource, "second"));
		}

		private static Flyway flyway(DataSource dataSource, String schema) {
			return Flyway.configure(Thread.currentThread().getContextClassLoader())
				.dataSource(dataSource)
				.schemas(schema)
				.load();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OneHistory {

		@Bean
		FlywayMigrationInitializer first(DataSource dataSource) {
			return initializer(dataSource, "classpath:one");
		}

		@Bean
		FlywayMigrationInitializer second(DataSource dataSource) {
			return initializer(dataSource, "classpath:two");
		}

		private static FlywayMigrationInitializer initializer(DataSource dataSource, String location) {
			return new FlywayMigrationInitializer(Flyway.configure(Thread.currentThread().getContextClassLoader())
				.dataSource(dataSource)
				.locations(location)
				.ignoreMigrationPatterns("*:missing", "*:future")
				.load());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReadsTableWhileCreated {

		@Bean
		Integer rows(DataSource dataSource, FlywayMigrationInitializer initializer) {
			return JdbcClient.create(dataSource).sql("select count(*) from table_3").query(Integer.class).single();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MockedFlyway {

		private boolean migrated;

		@Bean
		Flyway flyway() {
			return new Flyway(Flyway.configure()) {

				@Override
				public org.flywaydb.core.api.configuration.Configuration getConfiguration() {
					return null;
				}

				@Override
				public MigrateResult migrate() {
					MockedFlyway.this.migrated = true;
					return null;
				}

			};
		}

		@Bean
		FlywayMigrationInitializer initializer(Flyway flyway) {
			return new FlywayMigrationInitializer(flyway);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RepairsFirst {

		@Bean
		FlywayMigrationStrategy repairsFirst() {
			return (flyway) -> {
				flyway.repair();
				flyway.migrate();
			};
		}

	}

	/**
	 * Hears of failures and of the end.
	 */
	private static final class AlarmingCallback implements Callback {

		private final List<Event> events = new CopyOnWriteArrayList<>();

		@Override
		public boolean supports(Event event, Context context) {
			return event.getId().endsWith("Error") || event == Event.AFTER_MIGRATE;
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
			return "alarming";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MigratesTenants {

		@Bean
		FlywayMigrationStrategy migratesTenants() {
			return (flyway) -> Stream.of("tenant_a", "tenant_b")
				.map((tenant) -> Flyway.configure()
					.configuration(flyway.getConfiguration())
					.schemas(tenant)
					.defaultSchema(tenant)
					.load())
				.forEach(Flyway::migrate);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class KeepsBean {

		@Bean
		FlywayMigrationStrategy keepsBean(Flyway bean) {
			return (flyway) -> bean.migrate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CountsRuns {

		@Bean
		CountingFlyway flyway(DataSource dataSource) {
			return new CountingFlyway(
					Flyway.configure(Thread.currentThread().getContextClassLoader()).dataSource(dataSource));
		}

		@Bean
		FlywayMigrationInitializer initializer(Flyway flyway) {
			return new FlywayMigrationInitializer(flyway);
		}

	}

	static class CountingFlyway extends Flyway {

		private int runs;

		CountingFlyway(org.flywaydb.core.api.configuration.Configuration configuration) {
			super(configuration);
		}

		@Override
		public MigrateResult migrate() {
			this.runs++;
			return super.migrate();
		}

	}

}
