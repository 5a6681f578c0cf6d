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

package io.github.migrationguard.security;

import java.nio.file.Path;
import java.util.Map;

import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for names of others that look like lines of the log.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class LogInjectionTests {

	private static final String NAME = "x\r\nFORGED \u001b[31m\u009b\u2028";

	private TestDatabase database;

	private CapturedOutput output;

	@TempDir
	private Path directory;

	@BeforeEach
	void setUp(TestDatabase database, CapturedOutput output) {
		this.database = database;
		this.output = output;
	}

	@AfterEach
	void lineIsNotForged() {
		assertThat(this.output.getAll()).contains("FORGED").doesNotContainPattern("\\p{Cc}FORGED|[\\x1b\\x9b\\u2028]");
	}

	@Test
	@Tag("security:S30")
	void roleOfHolderForgesNoLine() {
		String role = '"' + this.database.name() + NAME + '"';
		this.database.superuser()
			.sql("create role %s login password '%s'".formatted(role, this.database.password()))
			.update();
		this.database.adoptRole(role);
		try (OtherSession stranger = OtherSession.open(this.database, this.database.name() + NAME, "psql")) {
			stranger.execute("select pg_advisory_lock(%d, %d)".formatted(Guards.KEY.namespace(), Guards.KEY.hash()));
			assertTimeout();
		}
	}

	@Test
	@Tag("security:S30")
	void ownerOfChangelogLockForgesNoLine() {
		migrate();
		this.database.client().sql("drop table table_2").update();
		this.database.client().sql("delete from databasechangelog where id = 'table-2'").update();
		this.database.client()
			.sql("update databasechangeloglock set locked = true, lockgranted = now(), lockedby = ?")
			.param(NAME)
			.update();
		assertTimeout();
	}

	private void assertTimeout() {
		assertThatExceptionOfType(LockWaitTimeoutException.class).isThrownBy(this::migrate)
			.withMessageContaining("FORGED")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContainPattern("\\p{Cc}"));
	}

	@Test
	@Tag("security:S30")
	void invalidIndexOfAnotherForgesNoLine() {
		String index = '"' + NAME + '"';
		this.database.client().sql("create table doubles as select 1 as id from generate_series(1, 2)").update();
		assertThatException()
			.isThrownBy(() -> this.database.client()
				.sql("create unique index concurrently %s on doubles (id)".formatted(index))
				.update())
			.isInstanceOf(DataAccessException.class);
		migrate();
	}

	@Test
	@Tag("security:S30")
	void recordOfAnotherForgesNoLine() {
		migrate();
		this.database.client().sql("""
				insert into databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype)
				values (?, 'x', 'later.sql', now(), 99, 'EXECUTED')""").param(NAME).update();
		migrate();
	}

	private void migrate() {
		Guards.of(Guards.liquibase(this.database, this.directory, "public"), "orders/pod-0", null, Map.of()).migrate();
	}

}
