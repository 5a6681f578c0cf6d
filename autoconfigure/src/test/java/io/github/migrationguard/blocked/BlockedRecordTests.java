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

import io.github.migrationguard.DdlBlockedException;
import io.github.migrationguard.DdlSettings;
import io.github.migrationguard.MigrationException;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is done for a unit besides its own statements: its record, callbacks in
 * its transaction and those before it.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BlockedRecordTests {

	private static final String ADD_COLUMN = "alter table orders add total int";

	@TempDir
	private Path directory;

	@BeforeEach
	void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
	}

	@ParameterizedTest
	@EnumSource
	void recordThatWaitsDoesNotKeepTableLocked(Tool tool, TestDatabase database) {
		complete(tool, database, Unit.transactional("first", "create table first (id int)"));
		Unit unit = Unit.transactional("total", ADD_COLUMN);
		try (OtherSession blocker = OtherSession.open(database, "blocker")
			.begin("lock table %s in share mode".formatted(tool.bookkeeping().get(0)));
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory,
						Unit.transactional("first", "create table first (id int)"), unit))) {
			start.awaitBackingOff();
			try (OtherSession reader = OtherSession.open(database, "reader")) {
				reader.execute("set lock_timeout = '5s'").execute("select count(*) from orders");
			}
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(tool.recorded(database)).containsExactly("first", "total");
	}

	@Test
	void recordOfChangeSetThatMayFailIsNotSwallowed(TestDatabase database) {
		Changelog changelog = Changelog.empty().changeSet("first", "create table first (id int)");
		try (GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			start.complete();
		}
		changelog = changelog.changeSet("total", "failOnError:false", ADD_COLUMN);
		try (OtherSession blocker = OtherSession.open(database, "blocker")
			.begin("lock table databasechangelog in share mode");
				GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			start.awaitBackingOff();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(Tool.LIQUIBASE.recorded(database)).containsExactly("first", "total");
	}

	private Migrator migrator(TestDatabase database, Changelog changelog) {
		return LiquibaseMigrators.of(Tool.dataSource(database), this.directory, changelog.writeTo(this.directory),
				"public");
	}

	@Test
	void callbackThatWaitsDoesNotKeepTableLocked(TestDatabase database) {
		database.client().sql("create materialized view totals as select count(*) from orders").update();
		FlywayScripts scripts = FlywayScripts.empty()
			.versioned("total", ADD_COLUMN)
			.script("afterEachMigrate.sql", "refresh materialized view totals");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select * from totals");
				GuardedStart start = start(database, scripts)) {
			start.awaitBackingOff();
			try (OtherSession reader = OtherSession.open(database, "reader")) {
				reader.execute("set lock_timeout = '5s'").execute("select count(*) from orders");
			}
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(Tool.FLYWAY.recorded(database)).containsExactly("total");
	}

	@Test
	void failureOfNextAttemptIsNoBlock(TestDatabase database) {
		database.client().sql("create table deployments (id int primary key)").update();
		FlywayScripts scripts = FlywayScripts.empty()
			.versioned("total", ADD_COLUMN)
			.script("beforeMigrate.sql", "insert into deployments values (1)");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select count(*) from orders");
				GuardedStart start = start(database, scripts)) {
			start.awaitBackingOff();
			blocker.commit();
			MigrationException failure = start.fail();
			assertThat(failure).isNotInstanceOf(DdlBlockedException.class);
			assertThat(start.status().error().sqlState()).isEqualTo("23505");
		}
	}

	private GuardedStart start(TestDatabase database, FlywayScripts scripts) {
		Path location = this.directory.resolve("scripts");
		scripts.writeTo(location);
		return GuardedStart.of(FlywayMigrators
			.of(Tool.configuration(Tool.dataSource(database), "public").locations("filesystem:" + location).load()),
				new DdlSettings(Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofMinutes(1),
						RepairInvalidIndexes.OWN));
	}

	private void complete(Tool tool, TestDatabase database, Unit... units) {
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, units))) {
			start.complete();
		}
	}

}
