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
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.MigrationException;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.ddl.RepairInvalidIndexes;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.InvalidIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for indexes that are built concurrently, and for those that were not built to the
 * end.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class InvalidIndexTests {

	private static final String INDEX = "public.orders_id";

	private static final String REMEDY = "drop index concurrently " + INDEX;

	private static final Unit UNIQUE = Unit.nonTransactional("index",
			"create unique index concurrently orders_id on orders (id)");

	private static final Unit UNIQUE_IF_NOT_EXISTS = Unit.nonTransactional("index",
			"create unique index concurrently if not exists orders_id on orders (id)");

	private static final Unit OTHER = Unit.transactional("other", "create table other (id int)");

	/**
	 * Longer than the lock timeout of {@link GuardedStart}.
	 */
	private static final Duration LONG = Duration.ofMillis(600);

	@TempDir
	private Path directory;

	@BeforeEach
	void createTable(TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
		database.client().sql("insert into orders values (1), (1)").update();
	}

	@ParameterizedTest
	@EnumSource
	void isNamedWithRemedyAndBuiltAgainAtNextStart(Tool tool, TestDatabase database) {
		fail(tool, database, UNIQUE);
		correctData(database);
		MigrationStatus status = complete(tool, database, UNIQUE, OTHER);
		assertThat(status.ddl().invalidIndexes()).isEmpty();
		assertThat(tool.recorded(database)).containsExactly("index", "other");
		assertThat(invalidIndexes(database)).isEmpty();
		assertThat(validIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void failsAgainAsLongAsDataIsNotCorrected(Tool tool, TestDatabase database) {
		fail(tool, database, UNIQUE);
		fail(tool, database, UNIQUE);
		correctData(database);
		complete(tool, database, UNIQUE);
		assertThat(tool.recorded(database)).containsExactly("index");
		assertThat(validIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void isNotHiddenByIfNotExists(Tool tool, TestDatabase database) {
		fail(tool, database, UNIQUE_IF_NOT_EXISTS);
		fail(tool, database, UNIQUE_IF_NOT_EXISTS);
		correctData(database);
		complete(tool, database, UNIQUE_IF_NOT_EXISTS);
		assertThat(tool.recorded(database)).containsExactly("index");
		assertThat(validIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void isNotHiddenByIfNotExistsIfNothingIsRepaired(Tool tool, TestDatabase database) {
		leaveInvalidIndex(database, "orders_id");
		correctData(database);
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, UNIQUE_IF_NOT_EXISTS),
				RepairInvalidIndexes.NONE)) {
			assertThat(start.fail()).hasMessageContaining(REMEDY);
			assertThat(start.status().ddl().invalidIndexes()).extracting(InvalidIndex::name).containsExactly(INDEX);
		}
		assertThat(tool.recorded(database)).isEmpty();
		assertThat(invalidIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void isRefusedWithRemedyIfNothingIsRepaired(Tool tool, TestDatabase database) {
		fail(tool, database, UNIQUE);
		correctData(database);
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, UNIQUE),
				RepairInvalidIndexes.NONE)) {
			MigrationException failure = start.fail();
			assertThat(failure).hasMessageContaining(REMEDY);
			assertThat(start.status().ddl().invalidIndexes()).extracting(InvalidIndex::remedy).containsExactly(REMEDY);
		}
		assertThat(tool.recorded(database)).isEmpty();
		assertThat(invalidIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void ofSomebodyElseIsNamedAndLeftAlone(Tool tool, TestDatabase database) {
		leaveInvalidIndex(database, "orders_reporting");
		correctData(database);
		MigrationStatus status = complete(tool, database, UNIQUE, OTHER);
		assertThat(status.ddl().invalidIndexes()).extracting(InvalidIndex::name)
			.containsExactly("public.orders_reporting");
		assertThat(invalidIndexes(database)).containsExactly("public.orders_reporting");
		assertThat(validIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void isNotRepairedIfItIsNotWhatUnitBuilds(Tool tool, TestDatabase database) {
		leaveInvalidIndex(database, "orders_id");
		correctData(database);
		database.client().sql("create table customers (id int)").update();
		Unit unit = Unit.nonTransactional("index", "create unique index concurrently orders_id on customers (id)");
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			assertThat(start.fail()).hasMessageContaining("orders_id");
			assertThat(start.status().ddl().invalidIndexes()).extracting(InvalidIndex::name).containsExactly(INDEX);
		}
		assertThat(invalidIndexes(database)).containsExactly(INDEX);
	}

	@ParameterizedTest
	@EnumSource
	void isRepairedWhoeverLeftItIfAllAre(Tool tool, TestDatabase database) {
		leaveInvalidIndex(database, "orders_reporting");
		correctData(database);
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, OTHER),
				RepairInvalidIndexes.ALL)) {
			assertThat(start.complete().ddl().invalidIndexes()).isEmpty();
		}
		assertThat(invalidIndexes(database)).isEmpty();
		assertThat(validIndexes(database)).containsExactly("public.orders_reporting");
	}

	@ParameterizedTest
	@EnumSource
	void concurrentBuildWaitsForOldSnapshotAsLongAsItTakes(Tool tool, TestDatabase database) {
		correctData(database);
		Waits waits = new Waits(database);
		try (OtherSession snapshot = OtherSession.open(database, "report")
			.execute("begin isolation level repeatable read")
			.execute("select 1");
				OtherSession queued = OtherSession.open(database, "queued");
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, UNIQUE))) {
			Awaiting.await("wait for the snapshot")
				.until(() -> start.isOver() || waits.isMigrationWaitingLongerThan(LONG));
			CompletableFuture<OtherSession> behind = queued
				.executeInBackground("begin; lock table orders in share update exclusive mode; commit");
			Awaiting.await("session behind").until(() -> start.isOver() || waits.isWaitingLongerThan(LONG, "queued"));
			assertThat(start.isOver()).as("over: %s", start.status()).isFalse();
			assertThat(start.isBackingOff()).isFalse();
			snapshot.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
			assertThat(behind).succeedsWithin(Duration.ofMinutes(1));
		}
		assertThat(validIndexes(database)).containsExactly(INDEX);
	}

	private void fail(Tool tool, TestDatabase database, Unit unit) {
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			assertThat(start.fail()).hasMessageContaining(INDEX).hasMessageContaining(REMEDY);
			MigrationStatus status = start.status();
			assertThat(status.error()).isNotNull();
			assertThat(status.error().sqlState()).isEqualTo("23505");
			assertThat(status.ddl().invalidIndexes()).extracting(InvalidIndex::name).containsExactly(INDEX);
			assertThat(status.ddl().retries()).isEmpty();
		}
		assertThat(tool.recorded(database)).isEmpty();
		assertThat(invalidIndexes(database)).containsExactly(INDEX);
	}

	private MigrationStatus complete(Tool tool, TestDatabase database, Unit... units) {
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, units))) {
			return start.complete();
		}
	}

	private static void correctData(TestDatabase database) {
		database.client().sql("delete from orders where ctid <> (select min(ctid) from orders)").update();
	}

	private static void leaveInvalidIndex(TestDatabase database, String name) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> database.client()
			.sql("create unique index concurrently %s on orders (id)".formatted(name))
			.update());
		assertThat(invalidIndexes(database)).hasSize(1);
	}

	private static List<String> validIndexes(TestDatabase database) {
		return indexes(database, true);
	}

	private static List<String> invalidIndexes(TestDatabase database) {
		return indexes(database, false);
	}

	private static List<String> indexes(TestDatabase database, boolean valid) {
		return database.client().sql("""
				select 'public.' || indexrelid::regclass from pg_index
				where indrelid = 'orders'::regclass and indisvalid = ?""").param(valid).query(String.class).list();
	}

}
