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

package io.github.migrationguard.ddl;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DdlAdvice}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class DdlAdviceTests {

	private final DdlAdvice advice = new DdlAdvice();

	private TestDatabase database;

	@BeforeEach
	void fillTable(TestDatabase database) {
		this.database = database;
		execute("create table orders (id int primary key, code varchar(20), total numeric(10, 2), customer int)");
		execute("insert into orders select i, 'c' || i, i, i from generate_series(1, 2000) i");
		execute("create table \"Few Rows\" (id int, code text)");
		execute("analyze");
	}

	@Test
	void warnsBeforeTableWithRowsIsLocked(CapturedOutput output) throws SQLException {
		for (String sql : List.of("create index i on orders (code)", "create unique index i on Public.Orders (code)",
				"alter table orders alter code set not null", "alter table orders add a uuid default gen_random_uuid()",
				"alter table orders add a serial", "alter table orders add a int generated always as (id + 1) stored",
				"alter table orders add foreign key (customer) references orders",
				"alter table orders add check (id > 0)", "alter table orders add unique (code)",
				"alter table orders alter id type bigint", "alter table orders alter code type varchar(10)",
				"cluster orders using orders_pkey", "vacuum full \"orders\"", "reindex table orders")) {
			before(sql, sql);
			assertThat(output).containsPattern(
					Pattern.quote("The unit '" + sql + "' ") + ".* public\\.orders.* \\(about 2000 rows\\)\\. Safer: ");
		}
	}

	@Test
	void doesNotWarnBeforeHarmlessStatement(CapturedOutput output) throws SQLException {
		for (String sql : List.of("create index i on \"Few Rows\" (code)", "create index i on missing (code)",
				"create index i on missing.orders (code)", "create index i on \"Orders\" (code)",
				"create index concurrently i on orders (code)", "alter table orders alter id set not null",
				"alter table orders add a timestamptz default now()", "alter table orders alter code type text",
				"alter table orders add code uuid default gen_random_uuid()",
				"alter table orders alter missing type text",
				"alter table orders add a int default length(md5('x'))")) {
			before(sql, sql);
		}
		assertThat(output).doesNotContain("The unit ");
	}

	@Test
	void textTellsWhatToDo(CapturedOutput output) throws SQLException {
		before("alter table orders alter code set not null");
		assertThat(output).contains("The unit 'unit' looks for NULL in every row of public.orders, which nobody can use"
				+ " meanwhile (about 2000 rows). Safer: ADD CONSTRAINT ... CHECK (... IS NOT NULL) NOT VALID, in another"
				+ " unit VALIDATE CONSTRAINT, then SET NOT NULL");
	}

	@Test
	void warnsOnceForUnit(CapturedOutput output) throws SQLException {
		before("alter table orders add check (id > 0)");
		before("create index i on orders (code)");
		assertThat(output).containsOnlyOnce("WARN").contains("checks every row");
	}

	@Test
	void doesNotWarnIfSaferFormWasTaken(CapturedOutput output) throws SQLException {
		execute("alter table orders add constraint code_there check (code is not null) not valid");
		execute("alter table orders add constraint total_there check (total is not null)");
		before("alter table orders alter total set not null");
		assertThat(output).doesNotContain("WARN");
		before("alter table orders alter code set not null");
		assertThat(output).contains("looks for NULL");
	}

	@Test
	void countsRowsOfPartitions(CapturedOutput output) throws SQLException {
		execute("create table events (id int) partition by range (id)");
		execute("create table events_1 partition of events for values from (0) to (1000)");
		execute("create table events_2 partition of events for values from (1000) to (2000)");
		execute("insert into events select * from generate_series(0, 1999)");
		execute("analyze");
		before("create index i on events (id)");
		assertThat(output).contains("public.events, ").contains("about 2000 rows").contains("ATTACH PARTITION");
	}

	@Test
	void looksWithoutLockingTheTable() throws SQLException {
		try (Connection connection = this.database.connect()) {
			connection.setAutoCommit(false);
			this.advice.before(connection, "unit", DdlStatement.of("create index i on orders (code)"));
			assertThat(this.database.superuser()
				.sql("select count(*) from pg_locks where relation = ?::regclass and pid <> pg_backend_pid()")
				.param("orders")
				.query(int.class)
				.single()).isZero();
			connection.commit();
		}
	}

	@Test
	void looksAtTableThatIsLocked(CapturedOutput output) throws SQLException {
		try (Connection other = this.database.connect()) {
			other.setAutoCommit(false);
			execute(other, "lock table orders in access exclusive mode");
			before("alter table orders alter code set not null");
		}
		assertThat(output).contains("looks for NULL");
	}

	@Test
	void concernsStatementsThatLockLargeTablesOnly() throws SQLException {
		DdlStatement large = DdlStatement.of("create index i on orders (code)");
		DdlStatement small = DdlStatement.of("create index i on \"Few Rows\" (code)");
		assertThat(this.advice.concerns("unit", small)).isTrue();
		try (Connection connection = this.database.connect()) {
			this.advice.look(connection);
		}
		assertThat(this.advice.concerns("unit", large)).isTrue();
		assertThat(this.advice.concerns("unit", small)).isFalse();
		assertThat(this.advice.concerns("unit", DdlStatement.of("alter table orders add total int"))).isFalse();
		before("create index i on orders (code)");
		assertThat(this.advice.concerns("unit", large)).isFalse();
	}

	private void before(String sql) throws SQLException {
		before("unit", sql);
	}

	private void before(String unit, String sql) throws SQLException {
		try (Connection connection = this.database.connect()) {
			this.advice.before(connection, unit, DdlStatement.of(sql));
		}
	}

	private void execute(String sql) {
		this.database.client().sql(sql).update();
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
