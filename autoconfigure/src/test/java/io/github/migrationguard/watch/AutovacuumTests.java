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

package io.github.migrationguard.watch;

import java.sql.SQLException;
import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionSampler} with real autovacuums in the way, which are told to
 * take their time.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class AutovacuumTests {

	private static final String SLOW = "autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,"
			+ " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1";

	private static TestDatabase database;

	@BeforeAll
	static void startAutovacuums(TestDatabase database) throws SQLException {
		AutovacuumTests.database = database;
		createTable("plain", SLOW);
		createTable("old", SLOW + ", autovacuum_freeze_max_age = 100000");
		takeTransactionIds(100_001);
		// Otherwise, the server cancels the plain one when it is in the way for a second
		update("alter role %s set deadlock_timeout = '10min'".formatted(database.username()));
		update("alter system set autovacuum_naptime = '1s'");
		reload();
		Awaiting.await("autovacuums").until(() -> database.superuser().sql("""
				select count(*) from pg_locks where mode = 'ShareUpdateExclusiveLock'
				  and relation in ('plain'::regclass, 'old'::regclass)""").query(Integer.class).single() == 2);
	}

	private static void createTable(String name, String options) {
		database.client().sql("create table %s (id int, text text)".formatted(name)).update();
		database.client()
			.sql("insert into %s select n, repeat('x', 1000) from generate_series(1, 2000) n".formatted(name))
			.update();
		database.client().sql("delete from %s where id %% 2 = 0".formatted(name)).update();
		database.client().sql("alter table %s set (%s)".formatted(name, options)).update();
	}

	/**
	 * Each subtransaction that writes takes one.
	 */
	private static void takeTransactionIds(int count) {
		database.client().sql("create unlogged table ids (id int)").update();
		database.client().sql("""
				do $$begin
				  for i in 1..%d loop
				    begin insert into ids values (i); exception when division_by_zero then null; end;
				  end loop;
				end$$""".formatted(count)).update();
	}

	private static void update(String sql) {
		database.superuser().sql(sql).update();
	}

	private static void reload() {
		database.superuser().sql("select pg_reload_conf()").query(Boolean.class).single();
	}

	@AfterAll
	static void resetServer() {
		update("alter system reset autovacuum_naptime");
		reload();
	}

	@ParameterizedTest
	@CsvSource({ "plain, AUTOVACUUM", "old, ANTI_WRAPAROUND_VACUUM" })
	void isRecognizedByRoleWithoutPrivileges(String table, BlockerKind kind) throws SQLException {
		Blocker blocker = findBlocker(table);
		assertThat(blocker.kind()).isEqualTo(kind);
		assertThat(blocker.hiddenFrom()).isEqualTo(database.username());
		assertThat(blocker.user()).isNull();
		assertThat(blocker.query()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "plain, AUTOVACUUM", "old, ANTI_WRAPAROUND_VACUUM" })
	void isRecognizedByMonitor(String table, BlockerKind kind) throws SQLException {
		update("grant pg_monitor to " + database.username());
		try {
			Blocker blocker = findBlocker(table);
			assertThat(blocker.kind()).isEqualTo(kind);
			assertThat(blocker.hiddenFrom()).isNull();
			assertThat(blocker.query()).startsWith("autovacuum: VACUUM");
		}
		finally {
			update("revoke pg_monitor from " + database.username());
		}
	}

	private Blocker findBlocker(String table) throws SQLException {
		try (WatchedMigration migration = new WatchedMigration(database)) {
			migration.session().executeInBackground("alter table %s add column total int".formatted(table));
			SessionSample sample = migration.awaitBlockers();
			List<Blocker> holders = migration.cancelAndFindHolders(sample.waitingFor());
			assertThat(sample.blockers()).hasSize(1);
			assertThat(holders).extracting(Blocker::kind).containsExactly(sample.blockers().get(0).kind());
			Blocker blocker = sample.blockers().get(0);
			assertThat(blocker.holds()).isEqualTo("ShareUpdateExclusiveLock on " + table);
			assertThat(blocker.remedy()).isNull();
			assertThat(blocker.applicationName()).isNull();
			return blocker;
		}
	}

}
