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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for where the lock timeout is in force.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LockTimeoutTests {

	private static final String NOTE = "create table note_%s as select current_setting('lock_timeout') as value";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void ofUnitIsRespectedInsideAndGoneAfterAndBookkeepingHasNone(Tool tool, TestDatabase database) {
		start(tool, database, note("first", true));
		noteBookkeeping(database, tool);
		start(tool, database, note("first", true), note("before", true),
				Unit.transactional("own", "set lock_timeout = '7s';\n" + NOTE.formatted("own")), note("after", true),
				Unit.transactional("local", "SET LOCAL lock_timeout TO 7000;\n" + NOTE.formatted("local")),
				note("afterLocal", true),
				Unit.transactional("function",
						"select set_config('lock_timeout', '7s', false);\n" + NOTE.formatted("function")),
				note("afterFunction", true), note("beforeOutside", false),
				Unit.nonTransactional("outside", "set lock_timeout = '7s';\n" + NOTE.formatted("outside")),
				note("afterOutside", false), note("last", true));
		assertThat(notes(database, "own", "local", "function", "outside")).containsOnly("7s");
		assertThat(notes(database, "first", "before", "after", "afterLocal", "afterFunction", "beforeOutside",
				"afterOutside", "last"))
			.containsOnly("300ms");
		assertThat(database.client().sql("select value from bookkeeping").query(String.class).list())
			.hasSizeGreaterThanOrEqualTo(11)
			.containsOnly("0");
	}

	@ParameterizedTest
	@EnumSource
	void ofUnitCanBeNone(Tool tool, TestDatabase database) {
		database.client().sql("create table orders (id int)").update();
		Unit unit = Unit.transactional("total", "set lock_timeout = 0;\nalter table orders add total int");
		Waits waits = new Waits(database);
		try (OtherSession blocker = OtherSession.open(database, "blocker").begin("select from orders");
				GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			Awaiting.await("a long wait")
				.until(() -> start.isBackingOff() || start.isOver()
						|| waits.isMigrationWaitingLongerThan(Duration.ofSeconds(1)));
			blocker.commit();
			assertThat(start.complete().ddl().attempts()).isEmpty();
		}
	}

	private static Unit note(String name, boolean transactional) {
		return new Unit(name, transactional, NOTE.formatted(name));
	}

	private void start(Tool tool, TestDatabase database, Unit... units) {
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, units))) {
			start.complete();
		}
	}

	private static void noteBookkeeping(TestDatabase database, Tool tool) {
		database.client().sql("create table bookkeeping (value text)").update();
		database.client().sql("""
				create function note() returns trigger language plpgsql as $$
				begin
				  insert into bookkeeping select current_setting('lock_timeout');
				  return null;
				end $$""").update();
		for (String table : tool.bookkeeping()) {
			database.client()
				.sql("create trigger note after insert or update on %s execute function note()".formatted(table))
				.update();
		}
	}

	private static Set<String> notes(TestDatabase database, String... units) {
		return Stream.of(units)
			.map((unit) -> database.client().sql("select value from note_" + unit).query(String.class).single())
			.collect(Collectors.toSet());
	}

}
