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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link IndexRepair}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class IndexRepairTests {

	private static final String CREATE = "create unique index concurrently code_key on orders (code)";

	private static final String CREATE_IF_NOT_EXISTS = "create unique index concurrently if not exists code_key on orders (code)";

	private final IndexRepair repair = new IndexRepair(RepairInvalidIndexes.OWN);

	private TestDatabase database;

	@BeforeEach
	void createTable(TestDatabase database) {
		this.database = database;
		execute("create table orders (id int, code text)");
		execute("insert into orders values (1, 'a'), (2, 'a')");
	}

	@Test
	void dropsIndexThatStatementHasLeftBehind(CapturedOutput output) throws SQLException {
		failToBuild(CREATE);
		before(this.repair, CREATE, true);
		assertThat(indexes()).isEmpty();
		assertThat(output).contains("The index public.code_key on public.orders is invalid");
		execute("update orders set code = id::text");
		execute(CREATE);
		assertThat(indexes()).containsExactly("code_key valid");
	}

	@Test
	void dropsIndexInTheMiddleOfUnitIfNotExistsWouldHideIt() throws SQLException {
		failToBuild(CREATE);
		before(this.repair, CREATE_IF_NOT_EXISTS, false);
		assertThat(indexes()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "é" })
	void findsIndexWhoseNameTheServerCutsOff(String letter) throws SQLException {
		String create = CREATE_IF_NOT_EXISTS.replace("code_key", "a" + letter.repeat(70));
		failToBuild(create);
		assertThat(indexes()).hasSize(1);
		before(this.repair, create, true);
		assertThat(indexes()).isEmpty();
	}

	@Test
	void refusesIndexThatOtherStatementMayHaveLeftBehind() {
		failToBuild(CREATE);
		assertThatExceptionOfType(InvalidIndexException.class).isThrownBy(() -> before(this.repair, CREATE, false))
			.withMessage("The index public.code_key on public.orders is invalid and not used by any query. It is not"
					+ " repaired, because the statement that creates it is not the first one of its unit and has no"
					+ " IF NOT EXISTS. Remove it with: drop index concurrently public.code_key");
		assertThat(indexes()).containsExactly("code_key invalid");
	}

	@Test
	void refusesWithoutRepair() {
		failToBuild(CREATE);
		assertRefused(new IndexRepair(RepairInvalidIndexes.NONE), CREATE_IF_NOT_EXISTS,
				"'migration-guard.ddl.repair-invalid-indexes' is 'none'");
	}

	@Test
	void refusesIndexOfPlainStatement() {
		failToBuild(CREATE);
		assertRefused(this.repair, "create index if not exists code_key on orders (code)",
				"does not do so CONCURRENTLY");
	}

	@Test
	void refusesIndexOfOtherRole() {
		failToBuild(CREATE);
		giveAway();
		assertRefused(this.repair, CREATE_IF_NOT_EXISTS, "it belongs to another role");
	}

	@Test
	void refusesIndexThatOtherSessionIsBuilding() throws Exception {
		try (Connection reader = this.database.connect()) {
			reader.setAutoCommit(false);
			reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			execute(reader, "select count(*) from pg_class");
			CompletableFuture<Void> build = CompletableFuture.runAsync(() -> this.database.superuser()
				.sql("create index concurrently code_key on orders (code)")
				.update());
			Awaiting.await("build waits for reader").until(this::isBuildWaiting);
			assertThatExceptionOfType(InvalidIndexException.class)
				.isThrownBy(() -> before(this.repair, CREATE_IF_NOT_EXISTS, true))
				.withMessageMatching(".* because the session with pid \\d+ is building it at this moment");
			reader.rollback();
			build.get();
		}
		assertThat(indexes()).containsExactly("code_key valid");
	}

	private boolean isBuildWaiting() {
		return this.database.superuser()
			.sql("select count(*) from pg_stat_progress_create_index where phase = 'waiting for old snapshots'")
			.query(int.class)
			.single() == 1;
	}

	@Test
	void findsIndexByQuotedNames() throws SQLException {
		execute("create schema \"S 1\"");
		execute("create table \"S 1\".\"Order's\" as select * from orders");
		String create = "create unique index concurrently \"Code \"\"Key\" on \"S 1\".\"Order's\" (code)";
		failToBuild(create);
		before(this.repair, create, true);
		assertThat(indexes()).isEmpty();
	}

	@Test
	void findsIndexBySearchPath() throws SQLException {
		execute("create schema hidden");
		execute("create table hidden.orders as select * from orders");
		failToBuild("create unique index concurrently code_key on hidden.orders (code)");
		before(this.repair, CREATE_IF_NOT_EXISTS, true);
		assertThat(indexes()).containsExactly("code_key invalid");
		try (Connection connection = this.database.connect()) {
			execute(connection, "set search_path = hidden, public");
			this.repair.before(connection, DdlStatement.of(CREATE_IF_NOT_EXISTS), true);
		}
		assertThat(indexes()).isEmpty();
	}

	@Test
	void leavesAloneWhatIsValidOrAnother(CapturedOutput output) throws SQLException {
		execute("create table other as select * from orders");
		failToBuild("create unique index concurrently other_key on other (code)");
		execute("create index concurrently code_key on orders (code)");
		before(this.repair, CREATE, true);
		before(this.repair, CREATE_IF_NOT_EXISTS, true);
		before(this.repair, "create index concurrently on other (code)", true);
		before(this.repair, "create index concurrently other_key on orders (code)", true);
		before(this.repair, "alter table orders add a int", true);
		assertThat(indexes()).containsExactly("code_key valid", "other_key invalid");
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void indexOfPartitionedTableIsNotInvalid() throws SQLException {
		execute("create table events (id int) partition by range (id)");
		execute("create table events_1 partition of events for values from (0) to (1000)");
		execute("create index events_id on only events (id)");
		before(this.repair, "create index if not exists events_id on events (id)", true);
		assertThat(indexes()).containsExactly("events_id invalid");
	}

	@Test
	void dropIsNotCutByLockTimeout() throws Exception {
		failToBuild(CREATE);
		try (Connection reader = this.database.connect(); Connection connection = this.database.connect()) {
			reader.setAutoCommit(false);
			execute(reader, "select * from orders");
			execute(connection, "set lock_timeout = '1ms'");
			CompletableFuture<Void> drop = CompletableFuture.runAsync(() -> before(connection, CREATE));
			Awaiting.await("drop waits for reader").until(this::isDropWaiting);
			reader.rollback();
			drop.get();
			assertThat(lockTimeout(connection)).isEqualTo("1ms");
		}
		assertThat(indexes()).isEmpty();
	}

	@Test
	void repairsAllIndexes(CapturedOutput output) throws SQLException {
		failToBuild(CREATE);
		execute("create table \"Items\" (id int)");
		execute("insert into \"Items\" values (1), (1)");
		failToBuild("create unique index concurrently \"Item Key\" on \"Items\" (id)");
		failToBuild("reindex index concurrently \"Item Key\"");
		assertThat(indexes()).containsExactly("Item Key invalid", "Item Key_ccnew invalid", "code_key invalid");
		execute("delete from \"Items\"");
		repairAll(RepairInvalidIndexes.ALL);
		assertThat(indexes()).containsExactly("Item Key valid", "code_key invalid");
		assertThat(output)
			.contains("The index public.code_key on public.orders is still invalid: ERROR: could not create"
					+ " unique index \"code_key_ccnew\". When the cause is mended, repair it with: reindex index"
					+ " concurrently public.code_key")
			.contains("repaired with: drop index concurrently public.\"Item Key_ccnew\"")
			.doesNotContain("duplicated");
	}

	@Test
	void repairsNoIndexUnlessAllAreToBeRepaired(CapturedOutput output) throws SQLException {
		failToBuild(CREATE);
		execute("update orders set code = id::text");
		repairAll(RepairInvalidIndexes.OWN);
		repairAll(RepairInvalidIndexes.NONE);
		assertThat(indexes()).containsExactly("code_key invalid");
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void repairsNoIndexOfOtherRole(CapturedOutput output) throws SQLException {
		failToBuild(CREATE);
		giveAway();
		repairAll(RepairInvalidIndexes.ALL);
		assertThat(indexes()).containsExactly("code_key invalid");
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void lostConnectionDoesNotFailTheRun(CapturedOutput output) throws SQLException {
		Connection connection = this.database.connect();
		connection.close();
		new IndexRepair(RepairInvalidIndexes.ALL).repairAll(connection);
		assertThat(output).contains("Looking for invalid indexes and repairing them ended early: ");
	}

	private void repairAll(RepairInvalidIndexes setting) throws SQLException {
		try (Connection connection = this.database.connect()) {
			new IndexRepair(setting).repairAll(connection);
		}
	}

	private void giveAway() {
		String other = this.database.createRole("other", "");
		this.database.superuser().sql("grant create on schema public to " + other).update();
		this.database.superuser().sql("alter table orders owner to " + other).update();
	}

	private void before(Connection connection, String sql) {
		try {
			this.repair.before(connection, DdlStatement.of(sql), true);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean isDropWaiting() {
		return this.database.superuser()
			.sql("select count(*) from pg_stat_activity where query like 'drop index%' and wait_event_type = 'Lock'")
			.query(int.class)
			.single() == 1;
	}

	private static String lockTimeout(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("show lock_timeout")) {
			row.next();
			return row.getString(1);
		}
	}

	private void assertRefused(IndexRepair repair, String sql, String reason) {
		assertThatExceptionOfType(InvalidIndexException.class).isThrownBy(() -> before(repair, sql, true))
			.withMessageContaining(reason)
			.withMessageEndingWith("Remove it with: drop index concurrently public.code_key")
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("55000"));
		assertThat(indexes()).containsExactly("code_key invalid");
	}

	private void before(IndexRepair repair, String sql, boolean firstOfUnit) throws SQLException {
		try (Connection connection = this.database.connect()) {
			repair.before(connection, DdlStatement.of(sql), firstOfUnit);
		}
	}

	private void failToBuild(String sql) {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> execute(sql))
			.withMessageContaining("could not create unique index");
	}

	private List<String> indexes() {
		return this.database.superuser().sql("""
				select c.relname || case when i.indisvalid then ' valid' else ' invalid' end
				from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
				where n.nspname not like 'pg!_%' escape '!' order by 1""").query(String.class).list();
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
