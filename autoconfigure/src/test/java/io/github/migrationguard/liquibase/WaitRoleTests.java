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

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.PendingTimeoutException;
import io.github.migrationguard.SchemaAheadException;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the role {@code wait}, with a login role that may only read the history.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class WaitRoleTests {

	private static final Changelog TABLES = Changelog.ofTables(2);

	@TempDir
	private Path directory;

	@Test
	void waitsUntilOthersHaveAppliedEverything(TestDatabase database, CapturedOutput output) {
		String reader = reader(database);
		CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> waiter(database, reader, TABLES)
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus())
				.extracting(MigrationStatus::state)
				.containsExactly(MigrationState.UP_TO_DATE)));
		Awaiting.await("the waiter's presence").until(() -> database.advisoryLocks().size() == 1);
		assertThat(database.sessions()).singleElement()
			.extracting(TestDatabase.Session::applicationName, TestDatabase.Session::state)
			.satisfies((session) -> assertThat(session).first().asString().startsWith("mg:F:"),
					(session) -> assertThat(session).last().isEqualTo("idle"));
		migrate(database, TABLES);
		waiter.join();
		assertThat(output)
			.contains("until others have applied it, 2 units pending, the first is 'changelog.sql::table-1::test'")
			.contains("nobody migrates at the moment")
			.contains("is up to date: others applied everything after a wait of");
		assertThat(database.statementLog().statements()).filteredOn((entry) -> entry.role().equals(reader))
			.noneMatch((entry) -> entry.sql().contains("pg_try_advisory_lock("));
		assertThat(database.advisoryLocks()).isEmpty();
	}

	@Test
	void givesUpWhenNobodyMigrates(TestDatabase database) {
		waiter(database, reader(database), TABLES).withPropertyValues("migration-guard.lock.wait-timeout=2s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(PendingTimeoutException.class, (ex) -> {
					assertThat(ex.getPending()).isEqualTo(TABLES.identifiers());
					assertThat(ex.getHolder()).isNull();
				}));
		assertThat(database.advisoryLocks()).isEmpty();
	}

	@Test
	void whatOthersHaveRecordedIsNotPendingAnyMore(TestDatabase database) {
		String reader = reader(database);
		migrate(database, Changelog.ofTables(1));
		CompletableFuture<Void> waiter = CompletableFuture
			.runAsync(() -> waiter(database, reader, Changelog.ofTables(3))
				.withPropertyValues("migration-guard.lock.wait-timeout=2s")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(PendingTimeoutException.class,
							(ex) -> assertThat(ex.getPending()).containsExactly("changelog.sql::table-3::test"))));
		Awaiting.await("the waiter's presence").until(() -> database.advisoryLocks().size() == 1);
		database.client().sql("""
				insert into databasechangelog select 'table-2', author, filename, now(), 2, exectype,
				md5sum, description, comments, tag, liquibase, contexts, labels, deployment_id
				from databasechangelog""").update();
		waiter.join();
	}

	@Test
	void startsAtOnceWhenNothingIsPending(TestDatabase database) {
		String reader = reader(database);
		migrate(database, TABLES);
		waiter(database, reader, TABLES).run((context) -> assertThat(context).hasNotFailed());
		assertThat(database.statementLog().statements()).filteredOn((entry) -> entry.role().equals(reader))
			.isNotEmpty()
			.noneMatch((entry) -> entry.sql().contains("advisory"));
	}

	@Test
	void unitsThatNeverStopToBeDueAreNotWaitedFor(TestDatabase database) {
		Changelog recurring = TABLES.changeSet("always", "runAlways:true", "select 1")
			.changeSet("allowed", "failOnError:false", "select 1 / 0")
			.changeSet("continued", """

					--preconditions onFail:CONTINUE
					--precondition-sql-check expectedResult:1 select 0
					select 1""");
		String reader = reader(database);
		migrate(database, recurring);
		waiter(database, reader, recurring).withPropertyValues("migration-guard.lock.wait-timeout=5s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void dropFirstIsNeverExecuted(TestDatabase database) {
		String reader = reader(database);
		migrate(database, TABLES);
		waiter(database, reader, TABLES).withPropertyValues("spring.liquibase.drop-first=true")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(database.client().sql("select count(*) from table_1").query(Integer.class).single()).isZero();
	}

	@Test
	void historyAheadOfThisVersionIsTold(TestDatabase database, CapturedOutput output) {
		migrate(database, Changelog.ofTables(4));
		runner(database, database.username(), TABLES)
			.run((context) -> assertUnknown(context, "changelog.sql::table-3::test", "changelog.sql::table-4::test"));
		assertThat(output).contains("holds 2 units that this version does not know: changelog.sql::table-3::test");
	}

	@Test
	void beansWithOneHistoryKnowItTogether(TestDatabase database) throws IOException {
		ApplicationContextRunner both = runner(database, database.username(), TABLES)
			.withUserConfiguration(TwoBeans.class)
			.withPropertyValues("migration-guard.schema-ahead=fail", "migration-guard.startup.mode=gate");
		Files.writeString(this.directory.resolve("second.sql"),
				Changelog.empty().changeSet("second", "create table second (id int)").toString());
		for (int start = 0; start < 2; start++) {
			both.run((context) -> assertThat(context).hasNotFailed());
		}
		addToHistory(database, "newer.sql");
		both.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(SchemaAheadException.class,
					(ex) -> assertThat(ex.getUnits()).containsExactly("newer.sql::other::test")));
	}

	@Test
	void historyAheadOfThisVersionCanBeRefused(TestDatabase database) {
		migrate(database, Changelog.ofTables(4));
		runner(database, database.username(), TABLES).withPropertyValues("migration-guard.schema-ahead=fail")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(SchemaAheadException.class, (ex) -> assertThat(ex.getUnits()).hasSize(2)));
	}

	@Test
	void historyAheadOfThisVersionCanBeIgnored(TestDatabase database, CapturedOutput output) {
		migrate(database, Changelog.ofTables(4));
		runner(database, database.username(), TABLES).withPropertyValues("migration-guard.schema-ahead=ignore")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("does not know");
	}

	@Test
	void historyThatGetsAheadDuringTheWaitIsTold(TestDatabase database, CapturedOutput output) throws IOException {
		String reader = reader(database);
		CompletableFuture<Void> waiter = CompletableFuture
			.runAsync(() -> waiter(database, reader, TABLES).run((context) -> assertThat(context).hasNotFailed()));
		Awaiting.await("the waiter's presence").until(() -> database.advisoryLocks().size() == 1);
		Path newer = Files.createDirectory(this.directory.resolve("newer"));
		Changelog.ofTables(4).writeTo(newer);
		runner(database, database.username(), TABLES).withClassLoader(classLoader(newer))
			.run((context) -> assertThat(context).hasNotFailed());
		waiter.join();
		assertThat(output).contains("does not know: changelog.sql::table-3::test");
	}

	@Test
	void changeSetThatWasRunAgainDoesNotHideWhatIsAhead(TestDatabase database) {
		Changelog older = TABLES.changeSet("always", "runAlways:true", "select 1");
		migrate(database, older);
		migrate(database, Changelog.ofTables(3).changeSet("always", "runAlways:true", "select 1"));
		runner(database, database.username(), older)
			.run((context) -> assertUnknown(context, "changelog.sql::table-3::test"));
	}

	@Test
	void changeSetsBelowTheChangeLogAreItsOwn(TestDatabase database) throws IOException {
		TABLES.writeTo(Files.createDirectory(this.directory.resolve("db")));
		String changeLog = "spring.liquibase.change-log=classpath:/db/changelog.sql";
		migrate(database, TABLES, changeLog);
		addToHistory(database, "db/v2/changes.sql");
		addToHistory(database, "elsewhere/db/changes.sql");
		runner(database, database.username(), TABLES).withPropertyValues(changeLog)
			.run((context) -> assertUnknown(context, "db/v2/changes.sql::other::test"));
	}

	@Test
	void removedAndForeignChangeSetsAreNotAhead(TestDatabase database, CapturedOutput output) {
		migrate(database, Changelog.ofTables(3));
		addToHistory(database, "elsewhere/changelog.sql");
		database.client().sql("update databasechangelog set id = 'removed' where id = 'table-1'").update();
		Changelog rest = Changelog.empty()
			.changeSet("table-2", "create table table_2 (id int)")
			.changeSet("table-3", "create table table_3 (id int)");
		runner(database, database.username(), rest).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("does not know");
	}

	private static void assertUnknown(AssertableApplicationContext context, String... units) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).progress().unknownUnits())
			.containsExactly(units);
	}

	private static void addToHistory(TestDatabase database, String file) {
		database.client()
			.sql("""
					insert into databasechangelog select 'other', author, :file, now(), 99, exectype, md5sum, description,
					comments, tag, liquibase, contexts, labels, deployment_id from databasechangelog order by orderexecuted limit 1
					""")
			.param("file", file)
			.update();
	}

	/**
	 * A login role that may read what is created later, and nothing else.
	 */
	private static String reader(TestDatabase database) {
		String reader = database.createRole("reader", "login");
		database.superuser().sql("grant usage on schema public to " + reader).update();
		database.client().sql("alter default privileges grant select on tables to " + reader).update();
		return reader;
	}

	private void migrate(TestDatabase database, Changelog changelog, String... properties) {
		runner(database, database.username(), changelog).withPropertyValues(properties)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner waiter(TestDatabase database, String role, Changelog changelog) {
		return runner(database, role, changelog).withPropertyValues("migration-guard.role=wait");
	}

	private ApplicationContextRunner runner(TestDatabase database, String role, Changelog changelog) {
		changelog.writeTo(this.directory);
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader(this.directory))
			.withPropertyValues("spring.datasource.url=" + database.url(), "spring.datasource.username=" + role,
					"spring.datasource.password=" + database.password(), "spring.datasource.hikari.maximum-pool-size=1",
					"spring.liquibase.change-log=classpath:/changelog.sql");
	}

	private URLClassLoader classLoader(Path directory) {
		try {
			return new URLClassLoader(new URL[] { directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoBeans {

		@Bean
		SpringLiquibase first(DataSource dataSource) {
			return liquibase(dataSource, "classpath:/changelog.sql");
		}

		@Bean
		SpringLiquibase second(DataSource dataSource) {
			return liquibase(dataSource, "classpath:/second.sql");
		}

		private static SpringLiquibase liquibase(DataSource dataSource, String changeLog) {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(dataSource);
			liquibase.setChangeLog(changeLog);
			return liquibase;
		}

	}

}
