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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.DatabaseUnavailableException;
import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.MigrationFailedException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.MigrationStoppedException;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.LeavingWaiter;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import liquibase.Liquibase;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.function.ThrowingConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link LiquibaseMigrator} in a context, on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseMigrationTests {

	private static final Changelog TABLES = Changelog.ofTables(3);

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	@TempDir
	private Path directory;

	@Test
	void appliesAndRecordsInOneTransaction(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		run(database, TABLES, (context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(status(context).progress())
				.isEqualTo(new MigrationStatus.Progress(3, 0, 0, null, null, List.of(), List.of()));
		});
		ledger.assertAppliedExactlyOnce(TABLES);
		ledger.assertRecordedInTransactionOfStatements();
		assertNothingLeft(database);
	}

	@Test
	void leavesLockAloneWhenNothingIsPending(TestDatabase database) {
		run(database, TABLES, (context) -> {
		});
		int before = database.statementLog().statements().size();
		run(database, TABLES, (context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.UP_TO_DATE);
			assertThat(status(context).lock().acquiredAt()).isNull();
			assertThat(status(context).lock().key().name()).isEqualTo("public.databasechangeloglock");
		});
		assertThat(database.statementLog().statements().stream().skip(before).map((entry) -> entry.sql()))
			.noneMatch((sql) -> sql.contains("advisory") || sql.contains("set_config"));
	}

	@Test
	void sendsLessForEachUnitThanStockWhileUnitsAreDefinitions(TestDatabase database) {
		run(database, Changelog.ofTables(100), (context) -> {
		});
		List<String> sent = database.statementLog().statements().stream().map((entry) -> entry.sql()).toList();
		int first = IntStream.range(0, sent.size())
			.filter((i) -> sent.get(i).contains("table_1 ("))
			.findFirst()
			.orElseThrow();
		int last = IntStream.range(0, sent.size())
			.filter((i) -> sent.get(i).contains("table_100 ("))
			.findFirst()
			.orElseThrow();
		List<String> ofUnits = sent.subList(first, last);
		// BEGIN, SHOW, SET, CREATE, INSERT, COMMIT, and once a second a question
		assertThat(ofUnits).noneMatch((sql) -> sql.contains("set constraints")).hasSizeLessThan(99 * 7);
	}

	@Test
	void waiterNeedsNoLiquibaseToSeeThatItsUnitsAreRecorded(TestDatabase database) {
		Gate gate = Ledger.install(database).close("last");
		Changelog changelog = TABLES.gate("last");
		LeavingWaiter.assertNeedsNoTool(database, gate,
				() -> run(database, changelog,
						(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED)),
				() -> run(database, changelog,
						(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.UP_TO_DATE)));
	}

	@Test
	void keepsSettingsOfConnectionThatOnlyLooked(TestDatabase database) {
		run(database, TABLES, (context) -> {
		});
		runner(database, TABLES).withPropertyValues("spring.datasource.hikari.maximum-pool-size=1")
			.run((context) -> assertThat(applicationName(context)).isEqualTo("PostgreSQL JDBC Driver"));
	}

	@Test
	void discardsConnectionThatMigrated(TestDatabase database) {
		runner(database, TABLES).withPropertyValues("spring.datasource.hikari.maximum-pool-size=1").run((context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(applicationName(context)).isEqualTo("PostgreSQL JDBC Driver");
			assertThat(database.advisoryLocks()).isEmpty();
		});
	}

	@Test
	void runsEveryBeanInOrderAndSubclasses(TestDatabase database) throws Exception {
		Files.writeString(this.directory.resolve("second.sql"),
				Changelog.empty().changeSet("other", "create table other (id int)").toString());
		runner(database, TABLES).withUserConfiguration(TwoBeans.class).run((context) -> {
			assertThat(context.getBean(MigrationGuard.class).getStatus())
				.extracting(MigrationStatus::name, MigrationStatus::state)
				.containsExactly(tuple("first", MigrationState.COMPLETED), tuple("second", MigrationState.COMPLETED));
			assertThat(context.getBean("second", CountingLiquibase.class).updates).isEqualTo(1);
		});
		assertThat(ids(database, "second_history")).containsExactly("other");
	}

	@Test
	void observesRunAndUnitsWithoutTheirIdsAsTags(TestDatabase database) {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		runner(database, TABLES).withBean(ObservationRegistry.class, () -> observations).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(timer(meters, "migrations.run").count()).isOne();
			assertThat(timer(meters, "migrations.unit").count()).isEqualTo(3);
			assertThat(meters.getMeters()).flatExtracting((meter) -> meter.getId().getTags())
				.extracting(Tag::getValue)
				.noneMatch((value) -> value.contains("changelog.sql"));
			assertThat(meters.find("migrations.unit.active").longTaskTimers())
				.allMatch((timer) -> timer.activeTasks() == 0);
		});
	}

	@Test
	void failingObservationFailsNoMigration(TestDatabase database) {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new FailingHandler());
		runner(database, TABLES).withBean(ObservationRegistry.class, () -> observations).run((context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(status(context).progress().applied()).isEqualTo(3);
		});
		assertNothingLeft(database);
	}

	private static Timer timer(SimpleMeterRegistry meters, String name) {
		return meters.get(name).tags("name", "liquibase", "tool", "liquibase", "outcome", "success").timer();
	}

	@Test
	void honoursShouldRunOfBean(TestDatabase database) {
		runner(database, TABLES).withUserConfiguration(SwitchedOff.class)
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.SKIPPED));
		assertThat(tableExists(database, "databasechangelog")).isFalse();
	}

	@Test
	void stepsAsideForOtherDatabase() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withUserConfiguration(ReadsTableWhileCreated.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:orders",
					"spring.liquibase.change-log=" + TABLES.writeTo(this.directory))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MigrationGuard.class).getStatus()).isEmpty();
			});
	}

	@Test
	void failureNamesChangeSetAndLeavesNothingLocked(TestDatabase database) {
		Changelog failing = TABLES.changeSet("broken", "create table broken (id int);\nalter table missing add x int");
		run(database, failing,
				(context) -> assertThat(context).getFailure()
					.hasRootCauseMessage("ERROR: relation \"missing\" does not exist")
					.cause()
					.isInstanceOfSatisfying(MigrationFailedException.class, (ex) -> {
						assertThat(ex.getUnit()).isEqualTo("changelog.sql::broken::test");
						assertThat(ex.getSqlState()).isEqualTo("42P01");
					}));
		assertThat(ids(database, "databasechangelog")).containsExactly("table-1", "table-2", "table-3");
		assertThat(tableExists(database, "broken")).isFalse();
		assertNothingLeft(database);
	}

	@Test
	void failureThatIsAllowedIsNotRecordedAndNotFatal(TestDatabase database) {
		Changelog failing = TABLES.changeSet("broken", "failOnError:false", "alter table missing add x int")
			.changeSet("after", "create table after (id int)");
		run(database, failing, (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(ids(database, "databasechangelog")).containsExactly("table-1", "table-2", "table-3", "after");
		run(database, failing, (context) -> {
			assertThat(status(context).progress().pending()).isZero();
			assertThat(status(context).progress().recurring()).isEqualTo(1);
		});
		assertNothingLeft(database);
	}

	@Test
	void runsChangeSetThatAlwaysRuns(TestDatabase database) {
		Changelog changelog = TABLES.changeSet("always", "runAlways:true",
				"insert into table_1 values ((select count(*) from table_1))");
		for (int run = 1; run <= 3; run++) {
			run(database, changelog, (context) -> assertThat(context).hasNotFailed());
			assertThat(database.client().sql("select count(*) from table_1").query(Integer.class).single())
				.isEqualTo(run);
		}
	}

	@Test
	void dropsFirstUnderLock(TestDatabase database) {
		run(database, TABLES, (context) -> {
		});
		database.client().sql("create table other (id int)").update();
		runner(database, TABLES).withPropertyValues("spring.liquibase.drop-first=true")
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(tableExists(database, "other")).isFalse();
		assertThat(ids(database, "databasechangelog")).hasSize(3);
		assertNothingLeft(database);
	}

	@Test
	void cancelOfOursIsNoErrorOfPrecondition(TestDatabase database) {
		Changelog changelog = TABLES.changeSet("slow-check", """

				--preconditions onError:MARK_RAN
				--precondition-sql-check expectedResult:1 select count(*) from pg_sleep(60)""",
				"create table checked (id int)");
		CompletableFuture<ApplicationContext> context = new CompletableFuture<>();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		new Thread(() -> runner(database, changelog).withInitializer(context::complete)
			.withPropertyValues("migration-guard.shutdown.grace=0s")
			.run((started) -> failure.complete(started.getStartupFailure()))).start();
		Awaiting.await("the precondition")
			.until(() -> database.sessions()
				.stream()
				.anyMatch((session) -> "active".equals(session.state()) && session.query().contains("pg_sleep")));
		assertThat(context.join().getBean(MigrationGuard.class).stop()).isTrue();
		assertThat(failure).succeedsWithin(Duration.ofMinutes(1))
			.extracting(Throwable::getCause)
			.isInstanceOf(MigrationStoppedException.class);
		assertThat(ids(database, "databasechangelog")).containsExactly("table-1", "table-2", "table-3");
		Awaiting.await("nothing left").untilAsserted(() -> assertNothingLeft(database));
	}

	@Test
	void failedUnitIsNotTakenForCreationRace(TestDatabase database) {
		run(database, TABLES, (context) -> {
		});
		Changelog failing = TABLES.changeSet("twice", "runInTransaction:false",
				"insert into table_1 values (1);\ncreate table table_1 (id int)");
		runner(database, failing).withPropertyValues("spring.liquibase.clear-checksums=true")
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.isInstanceOfSatisfying(MigrationFailedException.class,
						(ex) -> assertThat(ex.getSqlState()).isEqualTo("42P07")));
		assertThat(database.client().sql("select count(*) from table_1").query(Integer.class).single()).isOne();
		assertNothingLeft(database);
	}

	@Test
	void deferredConstraintFailsWhereLiquibaseExpectsIt(TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("parent", "create table parent (id int primary key)")
			.changeSet("child", "create table child (id int references parent deferrable initially deferred)")
			.changeSet("orphan", "failOnError:false", "insert into child values (1)")
			.changeSet("after", "create table after (id int)");
		run(database, changelog, (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(ids(database, "databasechangelog")).containsExactly("parent", "child", "after");
		assertNothingLeft(database);
	}

	@Test
	void customChangeCommitsAndRollsBackAsItLikes(TestDatabase database) throws Exception {
		Files.writeString(this.directory.resolve("custom.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: rows
				    author: test
				    changes:
				    - sql: {sql: create table rows (id int)}
				    - customChange: {class: io.github.migrationguard.liquibase.CommittingChange}
				""");
		runner(database, TABLES).withPropertyValues("spring.liquibase.change-log=classpath:/custom.yaml")
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(database.client().sql("select id from rows order by id").query(Integer.class).list())
			.containsExactly(1, 2, 4);
	}

	@Test
	void changeSetForAnotherDatabaseIsNotPending(TestDatabase database) throws Exception {
		Files.writeString(this.directory.resolve("mysql.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: mysql
				    author: test
				    changes:
				    - sql: {dbms: mysql, sql: optimize table orders}
				""");
		for (MigrationState state : List.of(MigrationState.COMPLETED, MigrationState.UP_TO_DATE)) {
			runner(database, TABLES).withPropertyValues("spring.liquibase.change-log=classpath:/mysql.yaml")
				.run((context) -> assertThat(status(context).state()).isEqualTo(state));
			assertThat(tableExists(database, "databasechangelog")).isTrue();
		}
	}

	@Test
	void refusesSubclassThatKeepsItsDataSource(TestDatabase database) {
		runner(database, TABLES).withUserConfiguration(OwnDataSource.class)
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.hasMessageContaining("do not override getDataSource()"));
		assertThat(tableExists(database, "table_1")).isFalse();
	}

	@Test
	void goesOnWhenMigrationDropsLock(TestDatabase database) {
		Changelog changelog = TABLES.changeSet("discard", "runInTransaction:false", "discard all")
			.changeSet("after", "create table after (id int)");
		run(database, changelog, (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(ids(database, "databasechangelog")).containsExactly("table-1", "table-2", "table-3", "discard",
				"after");
		assertNothingLeft(database);
	}

	@Test
	void failsWhenMigrationsDropLockTwice(TestDatabase database) {
		Changelog changelog = TABLES.changeSet("discard", "select pg_advisory_unlock_all()")
			.changeSet("again", "select pg_advisory_unlock_all()")
			.changeSet("after", "create table after (id int)");
		run(database, changelog,
				(context) -> assertThat(context).getFailure()
					.cause()
					.hasMessage("The session of the migration 'liquibase' lost its advisory lock while or after"
							+ " 'changelog.sql::again::test' ran"));
		assertNothingLeft(database);
	}

	@Test
	void waitsForStrangerWithoutSignOfLife(TestDatabase database) throws Exception {
		try (Connection stranger = database.connect(); var statement = stranger.createStatement()) {
			statement.execute("select pg_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()));
			runner(database, TABLES).withPropertyValues("migration-guard.lock.wait-timeout=2s")
				.run((context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(LockWaitTimeoutException.class,
							(ex) -> assertThat(ex.getHolder().user()).isEqualTo(database.username())));
		}
	}

	@Test
	void waitEndsWhenStartingThreadIsInterrupted(TestDatabase database) throws Exception {
		try (Connection stranger = database.connect(); var statement = stranger.createStatement()) {
			statement.execute("select pg_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()));
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			Thread starter = new Thread(
					() -> run(database, TABLES, (context) -> failure.complete(context.getStartupFailure())));
			starter.start();
			Awaiting.await("a waiter").until(() -> database.advisoryLocks().size() == 1);
			starter.interrupt();
			assertThat(failure).succeedsWithin(Duration.ofMinutes(1))
				.extracting(Throwable::getCause)
				.isInstanceOf(MigrationStoppedException.class);
			Awaiting.await("nothing left").until(() -> database.sessions().isEmpty());
		}
	}

	@Test
	void failsAtOnceForWrongPassword(TestDatabase database) {
		database.superuser().sql("alter role %s nologin".formatted(database.username())).update();
		runner(database, TABLES).run((context) -> assertThat(context).getFailure()
			.cause()
			.isInstanceOfSatisfying(DatabaseUnavailableException.class, (ex) -> {
				assertThat(ex.getSqlState()).isEqualTo("28000");
				assertThat(ex.getWaited()).isNull();
			}));
	}

	@Test
	void waitsForConnectionSlot(TestDatabase database) throws Exception {
		database.superuser().sql("alter role %s connection limit 1".formatted(database.username())).update();
		try (Connection occupied = database.connect()) {
			CompletableFuture<Void> run = CompletableFuture.runAsync(() -> run(database, TABLES,
					(context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED)));
			Awaiting.await("a refused connection")
				.until(() -> database.statementLog()
					.entries()
					.stream()
					.anyMatch((entry) -> entry.message().contains("too many connections")));
			occupied.close();
			assertThat(run).succeedsWithin(Duration.ofMinutes(1));
		}
	}

	@Test
	void givesUpWaitingForDatabase(TestDatabase database) {
		runner(database, TABLES)
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost:1/orders",
					"migration-guard.database.wait-timeout=1s")
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.isInstanceOfSatisfying(DatabaseUnavailableException.class,
						(ex) -> assertThat(ex.getWaited()).isEqualTo(Duration.ofSeconds(1))));
	}

	@Test
	void waitsForChangelogLockOfStockInstance(TestDatabase database) {
		run(database, Changelog.ofTables(1), (context) -> {
		});
		database.client()
			.sql("update databasechangeloglock set locked = true, lockedby = 'pod-7 (10.1.2.3)', lockgranted = now()")
			.update();
		runner(database, TABLES).withPropertyValues("migration-guard.lock.wait-timeout=2s")
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.isInstanceOfSatisfying(LockWaitTimeoutException.class, (ex) -> {
					assertThat(ex.getToolLock().lockedBy()).isEqualTo("pod-7 (10.1.2.3)");
					database.client().sql(ex.getToolLock().remedy()).update();
				}));
		run(database, TABLES, (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
	}

	@ParameterizedTest
	@ValueSource(strings = { "migration-guard.enabled=true", "migration-guard.lock.name=orders" })
	void takesOverChangelogLockOfDeadGuardedInstance(String property, TestDatabase database) {
		run(database, Changelog.ofTables(1), (context) -> {
		});
		lockChangelog(database, 999999, 1);
		runner(database, TABLES).withPropertyValues(property)
			.run((context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertNothingLeft(database);
	}

	@Test
	void honoursChangelogLockOfLivingInstanceWithAnotherLockName(TestDatabase database) throws Exception {
		run(database, Changelog.ofTables(1), (context) -> {
		});
		try (Connection other = database.connect(); var statement = other.createStatement()) {
			var backend = statement.executeQuery("""
					select pid, (extract(epoch from backend_start) * 1000000)::bigint from pg_stat_activity
					where pid = pg_backend_pid()""");
			backend.next();
			lockChangelog(database, backend.getInt(1), backend.getLong(2));
			runner(database, TABLES)
				.withPropertyValues("migration-guard.lock.name=orders", "migration-guard.lock.wait-timeout=1s")
				.run((context) -> assertThat(context).getFailure()
					.cause()
					.isInstanceOfSatisfying(LockWaitTimeoutException.class,
							(ex) -> assertThat(ex.getToolLock().lockedBy()).startsWith("mg:").endsWith(":other")));
		}
	}

	private static void lockChangelog(TestDatabase database, int pid, long startedAtMicros) {
		database.client()
			.sql("update databasechangeloglock set locked = true, lockedby = ?, lockgranted = now()")
			.param("mg:%d:%d:%d:%d:other".formatted(KEY.namespace(), KEY.hash(), pid, startedAtMicros))
			.update();
	}

	@Test
	void appliesOnceWhenManyContextsStartAtOnce(TestDatabase database) {
		Ledger ledger = Ledger.install(database);
		List<CompletableFuture<MigrationState>> states = IntStream.range(0, 4)
			.mapToObj((number) -> CompletableFuture.supplyAsync(() -> {
				MigrationState[] state = new MigrationState[1];
				run(database, TABLES, (context) -> state[0] = status(context).state());
				return state[0];
			}))
			.toList();
		assertThat(states.stream().map(CompletableFuture::join))
			.allMatch((state) -> state == MigrationState.COMPLETED || state == MigrationState.UP_TO_DATE);
		ledger.assertAppliedExactlyOnce(TABLES);
		assertNothingLeft(database);
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

	private void run(TestDatabase database, Changelog changelog, ThrowingConsumer<AssertableApplicationContext> check) {
		runner(database, changelog).run(check::acceptWithException);
	}

	private ApplicationContextRunner runner(TestDatabase database, Changelog changelog) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.liquibase.change-log=" + changelog.writeTo(this.directory));
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

	private static List<String> ids(TestDatabase database, String history) {
		return database.client()
			.sql("select id from %s order by orderexecuted".formatted(history))
			.query(String.class)
			.list();
	}

	private static boolean tableExists(TestDatabase database, String table) {
		return database.client().sql("select to_regclass(?) is not null").param(table).query(Boolean.class).single();
	}

	private static void assertNothingLeft(TestDatabase database) {
		assertThat(database.advisoryLocks()).isEmpty();
		Awaiting.await("no session").until(() -> database.sessions().isEmpty());
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
	}

	/**
	 * An exporter with a bug.
	 */
	static class FailingHandler implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStart(Observation.Context context) {
			if (context.getName().equals("migrations.unit")) {
				throw new IllegalStateException("start of " + context.getName());
			}
		}

		@Override
		public void onStop(Observation.Context context) {
			throw new IllegalStateException("stop of " + context.getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoBeans {

		@Bean
		SpringLiquibase first(DataSource dataSource) {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/changelog.sql");
			return liquibase;
		}

		@Bean
		CountingLiquibase second(DataSource dataSource) {
			CountingLiquibase liquibase = new CountingLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/second.sql");
			liquibase.setDatabaseChangeLogTable("second_history");
			return liquibase;
		}

	}

	static class CountingLiquibase extends SpringLiquibase {

		private int updates;

		@Override
		protected void performUpdate(Liquibase liquibase) throws LiquibaseException {
			this.updates++;
			super.performUpdate(liquibase);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReadsTableWhileCreated {

		@Bean
		Integer rows(DataSource dataSource, SpringLiquibase liquibase) {
			return JdbcClient.create(dataSource).sql("select count(*) from table_3").query(Integer.class).single();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		SpringLiquibase liquibase(DataSource own) {
			SpringLiquibase liquibase = new SpringLiquibase() {

				@Override
				public DataSource getDataSource() {
					return own;
				}

			};
			liquibase.setChangeLog("classpath:/changelog.sql");
			return liquibase;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SwitchedOff {

		@Bean
		SpringLiquibase liquibase(DataSource dataSource) {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog("classpath:/changelog.sql");
			liquibase.setShouldRun(false);
			return liquibase;
		}

	}

}
