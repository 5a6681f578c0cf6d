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
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.exception.ChangeLogParseException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.parser.core.formattedsql.FormattedSqlChangeLogParser;
import liquibase.resource.ResourceAccessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how often a change log is parsed, and what is held meanwhile.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseParsingTests {

	private static final Changelog TABLES = Changelog.ofTables(2);

	private static final Changelog RECURRING = TABLES.changeSet("allowed", "failOnError:false", "select 1 / 0")
		.changeSet("always", "runAlways:true", "select 1")
		.changeSet("continued", """

				--preconditions onFail:CONTINUE
				--precondition-sql-check expectedResult:1 select 0""", "create table continued (id int)");

	@TempDir
	private Path directory;

	private final ObservedParser parser = new ObservedParser("%s.sql".formatted(UUID.randomUUID()));

	@BeforeEach
	void register() {
		ChangeLogParserFactory.getInstance().register(this.parser);
	}

	@AfterEach
	void unregister() {
		this.parser.open.countDown();
		ChangeLogParserFactory.getInstance().unregister(this.parser);
	}

	@Test
	void lookHoldsNoTransactionWhileTheChangeLogIsParsed(TestDatabase database) {
		start(database, TABLES, MigrationState.COMPLETED);
		this.parser.hold();
		CompletableFuture<Void> start = CompletableFuture
			.runAsync(() -> start(database, TABLES, MigrationState.UP_TO_DATE));
		Awaiting.await("the parser").until(() -> this.parser.parsed.get() == 2);
		assertThat(database.superuser()
			.sql("select state, backend_xmin::text as xmin, xact_start from pg_stat_activity"
					+ " where datname = current_database() and usename = ?")
			.param(database.username())
			.query()
			.listOfRows())
			.isNotEmpty()
			.allSatisfy((session) -> assertThat(session).containsEntry("state", "idle")
				.containsEntry("xmin", null)
				.containsEntry("xact_start", null));
		this.parser.open.countDown();
		assertThat(start).succeedsWithin(Duration.ofMinutes(1));
	}

	@Test
	void startParsesOnce(TestDatabase database) {
		start(database, TABLES, MigrationState.COMPLETED);
		assertThat(this.parser.parsed).hasValue(1);
		start(database, TABLES, MigrationState.UP_TO_DATE);
		assertThat(this.parser.parsed).hasValue(2);
		start(database, Changelog.ofTables(3), MigrationState.COMPLETED);
		assertThat(this.parser.parsed).hasValue(3);
	}

	@Test
	void whatIsSkippedAtEachStartIsParsedOnceAndNotCalledAMigration(TestDatabase database) {
		Changelog skipped = TABLES.changeSet("skipped", """

				--preconditions onFail:CONTINUE
				--precondition-sql-check expectedResult:1 select 0""", "create table skipped (id int)");
		start(database, skipped, MigrationState.COMPLETED);
		this.parser.parsed.set(0);
		start(database, skipped, MigrationState.UP_TO_DATE);
		assertThat(this.parser.parsed).hasValue(1);
	}

	@Test
	void waiterParsesOnceIfSomethingRecursAmongWhatItWaitsFor(TestDatabase database) {
		Ledger.Gate gate = Ledger.install(database).close("last");
		Changelog changelog = RECURRING.gate("last");
		CompletableFuture<Void> holder = CompletableFuture
			.runAsync(() -> start(database, changelog, MigrationState.COMPLETED));
		gate.awaitArrival();
		CompletableFuture<Void> waiter = CompletableFuture
			.runAsync(() -> start(database, changelog, MigrationState.UP_TO_DATE));
		awaitWaiter(database);
		gate.open();
		assertThat(holder).succeedsWithin(Duration.ofMinutes(1));
		assertThat(waiter).succeedsWithin(Duration.ofMinutes(1));
		assertThat(this.parser.parsed).hasValue(2);
	}

	@Test
	void waiterIsNotReadyWhileTheHolderTriesWhatHasNoRecordYet(TestDatabase database) {
		start(database, TABLES, MigrationState.COMPLETED);
		Ledger.Gate gate = Ledger.install(database).close("first");
		Changelog changelog = TABLES.changeSet("first", """

				--preconditions onFail:CONTINUE
				--precondition-sql-check expectedResult:0 select count(*) from pg_tables where tablename = 'first'""",
				"create table first (id int);\nselect ledger.pass('first')")
			.changeSet("never", "failOnError:false", "select 1 / 0");
		CompletableFuture<Void> holder = CompletableFuture
			.runAsync(() -> start(database, changelog, MigrationState.COMPLETED));
		gate.awaitArrival();
		CompletableFuture<Void> waiter = CompletableFuture
			.runAsync(() -> start(database, changelog, MigrationState.UP_TO_DATE));
		awaitWaiter(database);
		assertThat(waiter).isNotDone();
		gate.open();
		assertThat(holder).succeedsWithin(Duration.ofMinutes(1));
		assertThat(waiter).succeedsWithin(Duration.ofMinutes(1));
	}

	private static void awaitWaiter(TestDatabase database) {
		Awaiting.await("a waiter")
			.until(() -> database.statementLog()
				.statements()
				.stream()
				.anyMatch((entry) -> entry.sql().startsWith("listen")));
	}

	private void start(TestDatabase database, Changelog changelog, MigrationState state) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.liquibase.change-log=" + write(changelog))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).state()).isEqualTo(state);
			});
	}

	private String write(Changelog changelog) {
		try {
			Files.writeString(this.directory.resolve(this.parser.file), changelog.toString());
			return "classpath:/" + this.parser.file;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
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

	/**
	 * Counts, and can be held.
	 */
	private static final class ObservedParser extends FormattedSqlChangeLogParser {

		private final String file;

		private final AtomicInteger parsed = new AtomicInteger();

		private volatile CountDownLatch open = new CountDownLatch(0);

		private ObservedParser(String file) {
			this.file = file;
		}

		private void hold() {
			this.open = new CountDownLatch(1);
		}

		@Override
		public int getPriority() {
			return super.getPriority() + 1000;
		}

		@Override
		public boolean supports(String changeLogFile, ResourceAccessor resourceAccessor) {
			return changeLogFile.endsWith(this.file);
		}

		@Override
		public DatabaseChangeLog parse(String physicalChangeLogLocation, ChangeLogParameters changeLogParameters,
				ResourceAccessor resourceAccessor) throws ChangeLogParseException {
			this.parsed.incrementAndGet();
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				throw new ChangeLogParseException(ex);
			}
			return super.parse(physicalChangeLogLocation, changeLogParameters, resourceAccessor);
		}

	}

}
