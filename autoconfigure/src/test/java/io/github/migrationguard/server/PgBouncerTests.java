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

package io.github.migrationguard.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrationguard.DatabaseUnavailableException;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.TransactionPoolingException;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.PgBouncer;
import io.github.migrationguard.testsupport.PgBouncer.Mode;
import io.github.migrationguard.testsupport.PgBouncerTest;
import io.github.migrationguard.testsupport.StatementLog.Entry;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for services that are connected through a PgBouncer.
 *
 * @author Migration Guard
 */
@PgBouncerTest
@ExtendWith(OutputCaptureExtension.class)
class PgBouncerTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final Changelog TABLES = Changelog.ofTables(2);

	/**
	 * Those who use PgBouncer before 1.21 for transactions have to say so.
	 */
	private static final String UNPREPARED = "prepareThreshold=0";

	private static final String SEEN = "create table seen as select current_setting('work_mem') as work_mem, "
			+ "current_setting('statement_timeout') as statement_timeout";

	private static final String SEEN_INDEX = "create index concurrently seen_index on seen (work_mem)";

	@TempDir
	private Path directory;

	static Stream<Arguments> tables() {
		return Stream.of(Arguments.of(Named.of("Liquibase", TABLES)),
				Arguments.of(Named.of("Flyway", FlywayScripts.ofTables(2))));
	}

	@ParameterizedTest
	@MethodSource("tables")
	void transactionModeIsRefused(Migrations migrations, TestDatabase database) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION)) {
			TransactionPoolingException failure = service(database, pooler.url(UNPREPARED), migrations)
				.fail(TransactionPoolingException.class);
			assertThat(failure.getTool()).isEqualTo((migrations instanceof FlywayScripts) ? "flyway" : "liquibase");
			assertThat(failure.getUrl()).isEqualTo(pooler.url());
			assertThat(failure.getProof()).contains("of the server was given to another connection");
			Service.assertUntouched(database);
			assertThat(database.statementLog().statements()).noneMatch(PgBouncerTests::leavesTrace);
		}
	}

	@Test
	void transactionModeWithOneSessionIsRefused(TestDatabase database) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION, 1)) {
			service(database, pooler.url(UNPREPARED), TABLES).fail(TransactionPoolingException.class);
			Service.assertUntouched(database);
		}
	}

	@Test
	void transactionModeIsRefusedWhenAnotherConnectionHasTheSession(TestDatabase database) throws Exception {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION);
				Connection busy = connect(database, pooler.url(UNPREPARED))) {
			busy.setAutoCommit(false);
			busy.createStatement().execute("select 1");
			service(database, pooler.url(UNPREPARED), TABLES).fail(TransactionPoolingException.class);
			busy.rollback();
			Service.assertUntouched(database);
		}
	}

	@Test
	void transactionModeIsRefusedIfItGivesTwoSessionsInTurn(TestDatabase database) throws Exception {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION, 20, "server_round_robin = 1")) {
			try (Connection one = connect(database, pooler.url(UNPREPARED));
					Connection two = connect(database, pooler.url(UNPREPARED))) {
				one.setAutoCommit(false);
				one.createStatement().execute("select 1");
				two.createStatement().execute("select 1");
			}
			service(database, pooler.url(UNPREPARED), TABLES).fail(TransactionPoolingException.class);
			Service.assertUntouched(database);
		}
	}

	/**
	 * PgBouncer before 1.21 gives prepared statements to whom they do not belong: the
	 * look itself may fail.
	 */
	@ParameterizedTest
	@MethodSource("tables")
	void transactionModeIsRefusedWithStatementsOfOthersInTheSession(Migrations migrations, TestDatabase database)
			throws Exception {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION, 1)) {
			try (Connection before = connect(database, pooler.url())) {
				before.setAutoCommit(false);
				before.createStatement().execute("select 1");
				before.rollback();
			}
			service(database, pooler.url(), migrations).fail(TransactionPoolingException.class);
			service(database, pooler.url(), migrations)
				.with("spring.datasource.hikari.auto-commit=false", "spring.datasource.hikari.connection-timeout=500")
				.fail(TransactionPoolingException.class);
			Service.assertUntouched(database);
		}
	}

	@ParameterizedTest
	@MethodSource("tables")
	void statementModeIsRefused(Migrations migrations, TestDatabase database) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.STATEMENT)) {
			TransactionPoolingException failure = service(database, pooler.url(UNPREPARED), migrations)
				.fail(TransactionPoolingException.class);
			// What is noticed first depends on how many sessions the pooler has just then
			assertThat(failure.getProof()).containsAnyOf("statement pooling mode", "the connection had the session");
			Service.assertUntouched(database);
		}
	}

	@ParameterizedTest
	@MethodSource("tables")
	void serviceThatIsUpToDateStartsInTransactionMode(Migrations migrations, TestDatabase database) {
		service(database, database.url(), migrations).start();
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION)) {
			MigrationStatus status = service(database, pooler.url(UNPREPARED), migrations).start();
			assertThat(status.state()).isEqualTo(MigrationState.UP_TO_DATE);
		}
		assertThat(database.advisoryLocks()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("tables")
	void applicationUsesTransactionModeAndMigrationPassesItBy(Migrations migrations, TestDatabase database) {
		String tool = (migrations instanceof FlywayScripts) ? "spring.flyway" : "spring.liquibase";
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION)) {
			MigrationStatus status = service(database, pooler.url(UNPREPARED), migrations)
				.with(tool + ".url=" + database.url(), tool + ".user=" + database.username(),
						tool + ".password=" + database.password())
				.start();
			assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
		}
	}

	@ParameterizedTest
	@MethodSource("tables")
	void roleThatOnlyWaitsLeavesNoTraceInTransactionMode(Migrations migrations, TestDatabase database,
			CapturedOutput output) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.TRANSACTION)) {
			CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
			CompletableFuture<MigrationStatus> waiting = service(database, pooler.url(UNPREPARED), migrations)
				.with("migration-guard.role=wait")
				.with(MigrationListener.class, () -> migration::complete)
				.startInBackground();
			Awaiting.await("a waiter").until(() -> migration.join().getStatus().state() == MigrationState.WAITING);
			Service.assertUntouched(database);
			assertThat(database.statementLog().statements()).noneMatch(PgBouncerTests::leavesTrace);
			assertThat(output).contains("waits through a connection pooler that does not pool sessions");
			service(database, database.url(), migrations).start();
			assertThat(waiting).succeedsWithin(LONG)
				.extracting(MigrationStatus::state)
				.isEqualTo(MigrationState.UP_TO_DATE);
		}
	}

	private static boolean leavesTrace(Entry statement) {
		String sql = String.valueOf(statement.sql());
		return sql.contains("advisory_lock") || sql.contains("set_config(s.name") || sql.startsWith("listen");
	}

	@Test
	void waiterIsNotifiedInSessionMode(TestDatabase database) throws Exception {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION);
				MigrationSession holder = session(database, pooler);
				MigrationSession waiter = session(database, pooler)) {
			holder.tryLock();
			waiter.listen();
			assertThat(waiter.tryLock()).isNull();
			holder.unlock();
			assertThat(waiter.awaitRelease(LONG)).isTrue();
			assertThat(waiter.tryLock()).isNotNull();
		}
	}

	@Test
	void lockIsFreeAfterHolderDiesInSessionMode(TestDatabase database) throws Exception {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION);
				MigrationSession holder = session(database, pooler);
				MigrationSession waiter = session(database, pooler)) {
			holder.tryLock();
			holder.beforeRun();
			CompletableFuture<Void> statement = CompletableFuture.runAsync(() -> sleep(holder));
			Awaiting.await("a statement")
				.until(() -> database.sessions().stream().anyMatch((session) -> session.query().contains("pg_sleep")));
			holder.abort();
			assertThat(statement).failsWithin(LONG);
			Awaiting.await("the lock").until(() -> waiter.tryLock() != null);
		}
	}

	private static void sleep(MigrationSession session) {
		try (Statement statement = session.connection().createStatement()) {
			statement.execute("select pg_sleep(600)");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MigrationSession session(TestDatabase database, PgBouncer pooler) throws Exception {
		MigrationSession session = MigrationSession.open(new SingleConnection(connect(database, pooler.url())));
		session.prepare(LockKey.of("identity", "name"), "instance", Map.of());
		return session;
	}

	@Test
	void liquibaseMigratesOnceInSessionMode(TestDatabase database) {
		migratesOnceInSessionMode(database,
				Changelog.empty()
					.changeSet("seen", SEEN)
					.gate("waiters")
					.changeSet("seen-index", "runInTransaction:false", SEEN_INDEX));
	}

	@Test
	void flywayMigratesOnceInSessionMode(TestDatabase database) {
		migratesOnceInSessionMode(database,
				FlywayScripts.empty().versioned("seen", SEEN).gate("waiters").nonTransactional("index", SEEN_INDEX));
	}

	private void migratesOnceInSessionMode(TestDatabase database, Migrations migrations) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("waiters");
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION)) {
			Service service = service(database, pooler.url(), migrations)
				.with("migration-guard.session.settings.work_mem=7MB");
			CompletableFuture<MigrationStatus> holder = service.startInBackground();
			gate.awaitArrival();
			List<CompletableFuture<MigrationStatus>> waiters = List.of(service.startInBackground(),
					service.startInBackground());
			Service.awaitWaiters(database, 2);
			gate.open();
			assertThat(holder).succeedsWithin(LONG)
				.extracting(MigrationStatus::state)
				.isEqualTo(MigrationState.COMPLETED);
			assertThat(waiters).allSatisfy((waiter) -> assertThat(waiter).succeedsWithin(LONG)
				.extracting(MigrationStatus::state)
				.isEqualTo(MigrationState.UP_TO_DATE));
			ledger.assertAppliedExactlyOnce(migrations);
			assertThat(database.client().sql("select * from seen").query().singleRow())
				.isEqualTo(Map.of("work_mem", "7MB", "statement_timeout", "0"));
			assertThat(database.advisoryLocks()).isEmpty();
		}
	}

	@Test
	void warnsWhereThereIsNoSecondConnection(TestDatabase database, CapturedOutput output) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION, 1)) {
			MigrationStatus status = service(database, pooler.url("socketTimeout=2"), TABLES).start();
			assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(output).contains("could not be checked, for want of a second connection");
		}
	}

	@Test
	void warnsWhereNoSecondConnectionCanBeDerived(TestDatabase database, CapturedOutput output) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION)) {
			MigrationStatus status = service(database, pooler.url(), TABLES).with(OwnDataSource.class).start();
			assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(output).contains("No connection can be derived from the " + OwnDataSource.class.getName());
		}
	}

	@Test
	void parameterThatPoolerRefusesIsNotTriedAgain(TestDatabase database) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION)) {
			DatabaseUnavailableException failure = service(database, pooler.url("options=-c%20statement_timeout=1000"),
					TABLES)
				.with("spring.datasource.hikari.connection-timeout=500", "migration-guard.database.wait-timeout=5s")
				.fail(DatabaseUnavailableException.class);
			assertThat(failure.getWaited()).isNull();
			assertThat(failure.getReason()).contains("unsupported startup parameter");
		}
	}

	@Test
	void databaseThatPoolerDoesNotKnowIsNotTriedAgain(TestDatabase database) {
		try (PgBouncer pooler = PgBouncer.start(database, Mode.SESSION)) {
			DatabaseUnavailableException failure = service(database, pooler.url().replace(database.name(), "missing"),
					TABLES)
				.with("spring.datasource.hikari.connection-timeout=500", "migration-guard.database.wait-timeout=5s")
				.fail(DatabaseUnavailableException.class);
			assertThat(failure.getWaited()).isNull();
			assertThat(failure.getReason()).contains("no such database");
		}
	}

	private Service service(TestDatabase database, String url, Migrations migrations) {
		return Service.of(database, url, migrations, this.directory);
	}

	private static Connection connect(TestDatabase database, String url) throws Exception {
		return DriverManager.getConnection(url, database.username(), database.password());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		DataSource dataSource(Environment environment) {
			return new AbstractDataSource() {

				@Override
				public Connection getConnection() throws SQLException {
					return getConnection(environment.getProperty("spring.datasource.username"),
							environment.getProperty("spring.datasource.password"));
				}

				@Override
				public Connection getConnection(String username, String password) throws SQLException {
					return DriverManager.getConnection(environment.getProperty("spring.datasource.url"), username,
							password);
				}

			};
		}

	}

}
