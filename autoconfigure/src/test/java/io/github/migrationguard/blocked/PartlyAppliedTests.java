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

import io.github.migrationguard.MigrationException;
import io.github.migrationguard.MigrationFailedException;
import io.github.migrationguard.PartlyAppliedException;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for units without a transaction that fail, or meet what an earlier attempt has
 * left.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class PartlyAppliedTests {

	private static final String UNIT = """
			create table a (id int);
			create table b (id int);
			alter table b add column code text default 'secret'""";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void failureTellsWhatWasExecutedBefore(Tool tool, TestDatabase database) {
		database.client().sql("create table b (id int)").update();
		assertThat(fail(tool, database, Unit.nonTransactional("unit", UNIT)))
			.asInstanceOf(InstanceOfAssertFactories.type(PartlyAppliedException.class))
			.satisfies((failure) -> {
				assertThat(failure.getExecuted()).isOne();
				assertThat(failure.isDoneBefore()).isFalse();
				assertThat(failure.getStatement()).isEqualTo("create table b (id int)");
				assertThat(failure.getUnit()).contains("unit");
				assertThat(failure).hasMessageContaining("1 of its statements were executed before");
			});
	}

	@ParameterizedTest
	@EnumSource
	void nextAttemptTellsWhatItFinds(Tool tool, TestDatabase database) {
		database.client().sql("create table a (id int)").update();
		assertThat(fail(tool, database, Unit.nonTransactional("unit", UNIT)))
			.asInstanceOf(InstanceOfAssertFactories.type(PartlyAppliedException.class))
			.satisfies((failure) -> {
				assertThat(failure.getExecuted()).isZero();
				assertThat(failure.isDoneBefore()).isTrue();
				assertThat(failure.getSqlState()).isEqualTo("42P07");
				assertThat(failure).hasMessageContaining("it finds what an earlier attempt has done");
			});
	}

	@ParameterizedTest
	@EnumSource
	void indexThatWasBuiltButNotRecordedIsFound(Tool tool, TestDatabase database) {
		database.client().sql("create table a (id int)").update();
		database.client().sql("create index a_id on a (id)").update();
		assertThat(fail(tool, database, Unit.nonTransactional("unit", "create index concurrently a_id on a (id)")))
			.asInstanceOf(InstanceOfAssertFactories.type(PartlyAppliedException.class))
			.satisfies((failure) -> {
				assertThat(failure.isDoneBefore()).isTrue();
				assertThat(failure.getStatement()).isEqualTo("create index concurrently a_id on a (id)");
			});
		assertThat(tool.recorded(database)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void mistakeInFirstStatementIsNotTakenForAnEarlierAttempt(Tool tool, TestDatabase database) {
		Unit unit = Unit.nonTransactional("unit", "alter table no_such_table add column code text");
		assertThat(fail(tool, database, unit)).isNotInstanceOf(PartlyAppliedException.class);
	}

	@ParameterizedTest
	@EnumSource
	void unitInTransactionIsRolledBack(Tool tool, TestDatabase database) {
		database.client().sql("create table b (id int)").update();
		assertThat(fail(tool, database, Unit.transactional("unit", UNIT)))
			.isExactlyInstanceOf(MigrationFailedException.class);
	}

	private MigrationException fail(Tool tool, TestDatabase database, Unit unit) {
		try (GuardedStart start = GuardedStart.of(tool.migrator(database, this.directory, unit))) {
			return start.fail();
		}
	}

}
