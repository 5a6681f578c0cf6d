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
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.MigrationStoppedException;
import io.github.migrationguard.StandbyException;
import io.github.migrationguard.lock.HistoryFingerprint;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Standby;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for services that are connected to a standby.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class StandbyTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	/**
	 * Less than the 30 seconds after which a waiter looks in any case.
	 */
	private static final Duration BEFORE_NEXT_LOOK = Duration.ofSeconds(25);

	private static final Changelog TABLES = Changelog.ofTables(2);

	private static Standby standby;

	@TempDir
	private Path directory;

	@BeforeAll
	static void startStandby() {
		standby = Standby.start();
	}

	@AfterAll
	static void stopStandby() throws Exception {
		standby.close();
	}

	@Test
	void isRefusedAtOnceIfNothingIsToBeWaitedFor(TestDatabase database) {
		StandbyException failure = service(database, standby).with("migration-guard.database.wait-timeout=0s")
			.fail(StandbyException.class);
		assertThat(failure.getUrl()).isEqualTo(standby.url(database));
		Service.assertUntouched(database);
	}

	@Test
	void isRefusedIfItIsNotPromotedInTime(TestDatabase database, CapturedOutput output) {
		StandbyException failure = service(database, standby).with("migration-guard.database.wait-timeout=2s")
			.fail(StandbyException.class);
		assertThat(failure.getWaited()).isEqualTo(Duration.ofSeconds(2));
		assertThat(output).contains("WARN")
			.contains("Migration 'liquibase' waits for a primary, trying for PT2S: The migration 'liquibase' is"
					+ " connected to a standby, which can only be read");
		Service.assertUntouched(database);
	}

	@Test
	void promotionIsAwaited(TestDatabase database) throws Exception {
		try (Standby promoted = Standby.start()) {
			CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
			CompletableFuture<MigrationStatus> start = service(database, promoted)
				.with(MigrationListener.class, () -> migration::complete)
				.startInBackground();
			awaitReason(migration.join());
			assertThat(migration.join().getStatus().state()).isEqualTo(MigrationState.CONNECTING);
			promoted.promote();
			assertThat(start).succeedsWithin(LONG)
				.extracting(MigrationStatus::state, MigrationStatus::error)
				.containsExactly(MigrationState.COMPLETED, null);
			assertThat(promoted.superuser(database)
				.sql("select count(*) from databasechangelog")
				.query(Integer.class)
				.single()).isEqualTo(2);
		}
		Service.assertUntouched(database);
	}

	@Test
	void primaryIsFoundThatTookItsPlace(TestDatabase database) {
		standby.awaitReplay();
		PGSimpleDataSource failingOver = new PGSimpleDataSource();
		failingOver.setUrl(standby.url(database));
		CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
		CompletableFuture<MigrationStatus> start = service(database, standby)
			.with(MigrationListener.class, () -> migration::complete)
			.with(DataSource.class, () -> poolOfOne(failingOver, database))
			.startInBackground();
		awaitReason(migration.join());
		failingOver.setUrl(database.url());
		assertThat(start).succeedsWithin(LONG).extracting(MigrationStatus::state).isEqualTo(MigrationState.COMPLETED);
	}

	private static DataSource poolOfOne(DataSource dataSource, TestDatabase database) {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(dataSource);
		pool.setUsername(database.username());
		pool.setPassword(database.password());
		pool.setMaximumPoolSize(1);
		return pool;
	}

	@Test
	void migrationOfPrimaryIsAwaited(TestDatabase database) {
		CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
		CompletableFuture<MigrationStatus> start = service(database, standby)
			.with(MigrationListener.class, () -> migration::complete)
			.startInBackground();
		awaitReason(migration.join());
		Service.of(database, database.url(), TABLES, this.directory).start();
		assertThat(start).succeedsWithin(LONG)
			.extracting(MigrationStatus::state, MigrationStatus::error)
			.containsExactly(MigrationState.UP_TO_DATE, null);
	}

	@Test
	void waitEndsWhenApplicationIsStopped(TestDatabase database) {
		CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
		Service service = service(database, standby).with(MigrationListener.class, () -> migration::complete);
		CompletableFuture<MigrationStoppedException> failure = new CompletableFuture<>();
		Thread starter = new Thread(() -> failure.complete(service.fail(MigrationStoppedException.class)));
		starter.start();
		awaitReason(migration.join());
		starter.interrupt();
		assertThat(failure).succeedsWithin(LONG);
		assertThat(migration.join().getStatus().state()).isEqualTo(MigrationState.ABORTED);
	}

	private static void awaitReason(GuardedMigration migration) {
		Awaiting.await("the reason")
			.until(migration::getStatus, (status) -> status.error() != null
					&& status.error().message().contains("is connected to a standby, which can only be read"));
	}

	@Test
	void serviceThatIsUpToDateStarts(TestDatabase database, CapturedOutput output) {
		Service.of(database, database.url(), TABLES, this.directory).start();
		standby.awaitReplay();
		assertThat(service(database, standby).start().state()).isEqualTo(MigrationState.UP_TO_DATE);
		assertThat(output).contains("is connected to a standby: with something pending it would wait for a primary");
	}

	@Test
	void sessionWaitsThoughNothingIsNotified(TestDatabase database) throws Exception {
		standby.awaitReplay();
		SingleConnection source = new SingleConnection(
				DriverManager.getConnection(standby.url(database), database.username(), database.password()));
		try (MigrationSession session = MigrationSession.open(source)) {
			assertThat(session.server()).isEqualTo(new MigrationSession.Server(false, true));
			session.prepare(LockKey.of("identity", "name"), "reader", Map.of());
			session.listen();
			assertThat(session.watch(null).history()).isEqualTo(HistoryFingerprint.EMPTY);
			assertThat(session.watch(null).participants().waiters()).hasSize(1);
			assertThat(session.awaitRelease(Duration.ofMillis(1))).isFalse();
		}
	}

	@Test
	void roleThatOnlyWaitsFollowsPrimary(TestDatabase database) {
		CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
		CompletableFuture<MigrationStatus> start = service(database, standby).with("migration-guard.role=wait")
			.with(MigrationListener.class, () -> migration::complete)
			.startInBackground();
		Awaiting.await("a waiter").until(() -> migration.join().getStatus().state() == MigrationState.WAITING);
		Service.of(database, database.url(), TABLES, this.directory).start();
		assertThat(start).succeedsWithin(BEFORE_NEXT_LOOK)
			.extracting(MigrationStatus::state)
			.isEqualTo(MigrationState.UP_TO_DATE);
	}

	/**
	 * On a standby, the replay of a primary's DDL cancels who reads the same table.
	 */
	@ParameterizedTest
	@CsvSource({ "databasechangelog, Liquibase", "flyway_schema_history, Flyway" })
	void lookThatIsCancelledByReplayIsRepeated(String history, String tool, TestDatabase database) {
		Migrations migrations = tool.equals("Flyway") ? FlywayScripts.ofTables(2) : TABLES;
		Service service = Service.of(database, database.url(), migrations, this.directory);
		service.start();
		for (String sql : List.of("""
				create function cancel() returns boolean language plpgsql as $$begin
				  raise 'canceling statement due to conflict with recovery' using errcode = '40001';
				end$$""", "create policy cancelled on %s using (cancel())".formatted(history),
				"alter table %s enable row level security, force row level security".formatted(history))) {
			database.superuser().sql(sql).update();
		}
		CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();
		CompletableFuture<MigrationStatus> start = service.with("migration-guard.role=wait")
			.with(MigrationListener.class, () -> migration::complete)
			.startInBackground();
		Awaiting.await("a waiter").until(() -> migration.join().getStatus().state(), (state) -> {
			assertThat(state).isNotEqualTo(MigrationState.FAILED);
			return state == MigrationState.WAITING;
		});
		database.superuser().sql("alter table %s no force row level security".formatted(history)).update();
		assertThat(start).succeedsWithin(BEFORE_NEXT_LOOK)
			.extracting(MigrationStatus::state)
			.isEqualTo(MigrationState.UP_TO_DATE);
	}

	private Service service(TestDatabase database, Standby standby) {
		standby.awaitReplay();
		return Service.of(database, standby.url(database), TABLES, this.directory);
	}

}
