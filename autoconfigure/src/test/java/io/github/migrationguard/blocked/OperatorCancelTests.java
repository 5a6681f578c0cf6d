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

package io.github.migrationguard.blocked;

import java.nio.file.Path;
import java.time.Duration;

import io.github.migrationguard.DdlSettings;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for statements that an operator cancels.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class OperatorCancelTests {

	private static final String CANCEL = """
			select pg_cancel_backend(pid) from pg_stat_activity
			where datname = current_database() and application_name like 'mg:H:%'
			and state = 'active' and wait_event_type in ('Timeout', 'Lock')""";

	private static final DdlSettings PATIENT = new DdlSettings(Duration.ofMinutes(1), Duration.ofMinutes(1),
			Duration.ofMinutes(1), RepairInvalidIndexes.OWN);

	@TempDir
	private Path directory;

	@BeforeEach
	void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
	}

	@ParameterizedTest
	@CsvSource({ "LIQUIBASE, true", "LIQUIBASE, false", "FLYWAY, true", "FLYWAY, false" })
	void isFinal(Tool tool, boolean transactional, TestDatabase database) {
		Unit unit = new Unit("slow", transactional, "create table slow as select 1 from pg_sleep(60)");
		try (GuardedStart start = GuardedStart.withDefaults(tool.migrator(database, this.directory, unit))) {
			cancel(database, start);
			assertFailed(start, "slow");
		}
		assertThat(tool.recorded(database)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void isFinalForStatementThatWaitsForLock(Tool tool, TestDatabase database) {
		Unit unit = Unit.transactional("total", "alter table orders add total int");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select from orders");
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit), PATIENT)) {
			cancel(database, start);
			assertFailed(start, "total");
			blocker.commit();
		}
		assertThat(tool.recorded(database)).isEmpty();
	}

	@Test
	void isFinalForChangeSetThatMayFail(TestDatabase database) {
		assertFinal(database, Changelog.empty()
			.changeSet("slow", "failOnError:false", "create table slow as select 1 from pg_sleep(60)"));
	}

	@ParameterizedTest
	@CsvSource({ "onError:MARK_RAN, true", "onError:CONTINUE, true", "onError:WARN, true", "onError:MARK_RAN, false",
			"onError:CONTINUE, false", "onError:WARN, false" })
	void isFinalForPrecondition(String reaction, boolean transactional, TestDatabase database) {
		assertFinal(database, Changelog.empty()
			.changeSet("slow",
					"runInTransaction:%s\n--preconditions %s%n--precondition-sql-check expectedResult:1 select count(*) from pg_sleep(60)"
						.formatted(transactional, reaction),
					"create table slow (id int)"));
		assertThat(database.client().sql("select to_regclass('slow') is null").query(Boolean.class).single())
			.as("nothing done after it")
			.isTrue();
	}

	private void assertFinal(TestDatabase database, Changelog changelog) {
		Migrator migrator = LiquibaseMigrators.of(Tool.dataSource(database), this.directory,
				changelog.changeSet("after", "create table after (id int)").writeTo(this.directory), "public");
		try (GuardedStart start = GuardedStart.withDefaults(migrator)) {
			cancel(database, start);
			assertFailed(start, "slow");
		}
		assertThat(Tool.LIQUIBASE.recorded(database)).isEmpty();
	}

	@Test
	void isFinalForMigrationThatSwallowsIt(TestDatabase database) {
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select from orders");
				GuardedStart start = GuardedStart.of(
						Tool.migrator(database, new SwallowingMigration(SwallowingMigration.Kind.WITH_SAVEPOINT)),
						PATIENT)) {
			cancel(database, start);
			assertFailed(start, SwallowingMigration.class.getName());
			blocker.commit();
		}
		assertThat(Tool.FLYWAY.recorded(database)).isEmpty();
	}

	private static void cancel(TestDatabase database, GuardedStart start) {
		Awaiting.await("statement to cancel")
			.until(() -> start.isOver() || !database.superuser().sql(CANCEL).query(Boolean.class).list().isEmpty());
	}

	private static void assertFailed(GuardedStart start, String unit) {
		start.fail();
		MigrationStatus status = start.status();
		assertThat(status.error()).isNotNull();
		assertThat(status.error().sqlState()).isEqualTo("57014");
		assertThat(status.error().unit()).contains(unit);
		assertThat(status.ddl().retries()).isEmpty();
		assertThat(status.ddl().attempts()).hasSizeLessThanOrEqualTo(1);
	}

}
