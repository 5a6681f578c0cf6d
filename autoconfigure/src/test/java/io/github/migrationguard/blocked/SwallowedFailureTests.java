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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.DdlSettings;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for locks that are met where the tool, or code of the user, makes nothing of an
 * error.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class SwallowedFailureTests {

	private static final String ADD_COLUMN = "alter table orders add total int";

	private static final String READ_ORDERS = "select count(*) from orders";

	private static final String LOCK_ORDERS = "lock table orders";

	/**
	 * Longer than the lock timeout of {@link GuardedStart}.
	 */
	private static final Duration LONG = Duration.ofMillis(600);

	@TempDir
	private Path directory;

	@BeforeEach
	void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
	}

	@Test
	void changeSetThatMayFailIsNotSkippedForLockTimeout(TestDatabase database) {
		Changelog changelog = Changelog.empty().changeSet("total", "failOnError:false", ADD_COLUMN);
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			start.awaitBackingOff();
			assertThat(executed(database)).isEmpty();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertApplied(database);
	}

	@Test
	void changeSetThatMayFailIsNotSkippedForStall(TestDatabase database) {
		Changelog changelog = Changelog.empty().changeSet("total", "failOnError:false", ADD_COLUMN);
		DdlSettings settings = new DdlSettings(Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofMinutes(1),
				RepairInvalidIndexes.OWN);
		Waits waits = new Waits(database);
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				OtherSession reader = OtherSession.open(database, "reader");
				GuardedStart start = GuardedStart.of(migrator(database, changelog), settings)) {
			Awaiting.await("wait").until(() -> waits.isMigrationWaitingLongerThan(Duration.ZERO));
			reader.executeInBackground(READ_ORDERS);
			start.awaitBackingOff();
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).extracting(Attempt::outcome)
				.containsExactly(Outcome.STALL, Outcome.APPLIED);
		}
		assertApplied(database);
	}

	@Test
	void changeSetThatMayFailIsNotSkippedForLockTimeoutInTheMiddle(TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("total", "failOnError:false runInTransaction:false",
					"create table total (id int);\n" + ADD_COLUMN)
			.changeSet("after", "create table after (id int)");
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(migrator(database, changelog))) {
			start.awaitBackingOff();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(executed(database)).containsExactly("total", "after");
		assertThat(hasColumn(database)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "onError:MARK_RAN", "onError:CONTINUE", "onError:WARN", "onFail:MARK_RAN" })
	void changeSetIsNotSkippedForPreconditionThatMeetsLock(String reaction, TestDatabase database) {
		Changelog changelog = Changelog.empty()
			.changeSet("total", "\n--preconditions %s%n--precondition-sql-check expectedResult:0 %s".formatted(reaction,
					READ_ORDERS), ADD_COLUMN);
		assertAppliedWhenLockIsReleased(database, migrator(database, changelog));
	}

	@ParameterizedTest
	@ValueSource(strings = { "onError: MARK_RAN", "onFail: MARK_RAN" })
	void changeSetIsNotSkippedForPreconditionThatMakesFailureOfLock(String reaction, TestDatabase database)
			throws Exception {
		Files.writeString(this.directory.resolve("custom.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: total
				    author: test
				    preConditions:
				    - %s
				    - customPrecondition: {className: io.github.migrationguard.blocked.OrdersPrecondition}
				    changes:
				    - sql: {sql: alter table orders add total int}
				""".formatted(reaction));
		assertAppliedWhenLockIsReleased(database, yamlMigrator(database));
	}

	private void assertAppliedWhenLockIsReleased(TestDatabase database, Migrator migrator) {
		Waits waits = new Waits(database);
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(LOCK_ORDERS);
				GuardedStart start = GuardedStart.of(migrator)) {
			Awaiting.await("blocked precondition")
				.until(() -> start.isBackingOff() || start.isOver() || waits.isMigrationWaitingLongerThan(LONG));
			assertThat(start.isOver()).as("over: %s", start.status()).isFalse();
			blocker.commit();
			start.complete();
		}
		assertApplied(database);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SwallowingChange", "SwallowingChange$WithSavepoint" })
	void changeOfUserThatSwallowsFailureIsNotTakenForApplied(String type, TestDatabase database) throws Exception {
		Files.writeString(this.directory.resolve("custom.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: total
				    author: test
				    changes:
				    - customChange: {class: io.github.migrationguard.blocked.%s}
				""".formatted(type));
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(yamlMigrator(database))) {
			start.awaitBackingOff();
			assertThat(executed(database)).isEmpty();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertApplied(database);
	}

	@ParameterizedTest
	@EnumSource
	void javaMigrationThatSwallowsFailureIsNotTakenForApplied(SwallowingMigration.Kind kind, TestDatabase database) {
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin(READ_ORDERS);
				GuardedStart start = GuardedStart.of(Tool.migrator(database, new SwallowingMigration(kind)))) {
			start.awaitBackingOff();
			assertThat(Tool.FLYWAY.recorded(database)).isEmpty();
			blocker.commit();
			start.completeAfterRetry();
		}
		assertThat(Tool.FLYWAY.recorded(database)).containsExactly("total");
		assertThat(hasColumn(database)).isTrue();
	}

	private Migrator migrator(TestDatabase database, Changelog changelog) {
		return migrator(database, changelog.writeTo(this.directory));
	}

	private Migrator yamlMigrator(TestDatabase database) {
		return migrator(database, "classpath:/custom.yaml");
	}

	private Migrator migrator(TestDatabase database, String changeLog) {
		return LiquibaseMigrators.of(Tool.dataSource(database), this.directory, changeLog, "public");
	}

	private static void assertApplied(TestDatabase database) {
		assertThat(executed(database)).containsExactly("total");
		assertThat(hasColumn(database)).isTrue();
	}

	private static List<String> executed(TestDatabase database) {
		return database.client()
			.sql("select id from databasechangelog where exectype = 'EXECUTED'")
			.query(String.class)
			.list();
	}

	private static boolean hasColumn(TestDatabase database) {
		return database.client()
			.sql("select exists (select from pg_attribute where attrelid = 'orders'::regclass and attname = 'total')")
			.query(Boolean.class)
			.single();
	}

}
