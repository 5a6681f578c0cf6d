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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link SessionSampler} costs the server with 100 other sessions and 1700
 * locks: the processor time of the process that serves the monitoring connection.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@EnabledOnOs(OS.LINUX)
class WatchingCostTests {

	/**
	 * 1 to 4 ms are needed, which are less than 1 % of one core with a sample every 500
	 * ms. With more than this, something is done that should not be.
	 */
	private static final Duration BOUND = Duration.ofMillis(25);

	private static final int SAMPLES = 40;

	private static final int IDLE = 40;

	private static final int READERS = 40;

	private static final int WAITING = 20;

	private static final Duration TICK = Duration.ofMillis(10);

	private static TestDatabase database;

	private static List<OtherSession> others;

	private WatchedMigration migration;

	private List<OtherSession> waiting;

	@BeforeAll
	static void openSessions(TestDatabase database) throws SQLException {
		WatchingCostTests.database = database;
		WatchedMigration.createTable(database);
		database.client().sql("""
				do $$begin
				  for i in 1..40 loop execute format('create table wide_%s (id int)', i); end loop;
				end$$""").update();
		String tables = database.client()
			.sql("select string_agg(relname, ', ') from pg_class where relname like 'wide_%'")
			.query(String.class)
			.single();
		others = open(IDLE);
		for (OtherSession reader : open(READERS)) {
			others.add(reader.begin("lock table orders, %s in access share mode".formatted(tables)));
		}
	}

	@AfterAll
	static void closeSessions() throws SQLException {
		close(others);
	}

	@BeforeEach
	void openMigration() throws SQLException {
		this.migration = new WatchedMigration(database);
		this.waiting = open(WAITING);
	}

	@AfterEach
	void closeMigration() throws SQLException {
		close(this.waiting);
		this.migration.close();
	}

	@Test
	void whileNobodyWaits() throws Exception {
		this.migration.session().executeInBackground("select pg_sleep(60)");
		assertThat(cost(this.migration::sample)).isPositive().isLessThan(BOUND);
	}

	@Test
	void whileOthersWaitForEachOther() throws Exception {
		try (OtherSession locking = OtherSession.open(database).execute("select pg_advisory_lock(1)")) {
			this.migration.session().executeInBackground("select pg_sleep(60)");
			letWait("select pg_advisory_lock(1)");
			assertThat(this.migration.sample().queuedBehind()).isEqualTo(QueuedSessions.NONE);
			assertThat(cost(this.migration::sample)).isPositive().isLessThan(BOUND);
		}
	}

	@Test
	void whileMigrationIsBlockedAndOthersQueueBehindIt() throws Exception {
		this.migration.alterAndAwaitBlockers();
		letWait("select * from orders");
		assertThat(this.migration.sample().blockers()).hasSize(READERS);
		assertThat(this.migration.sample().queuedBehind().count()).isEqualTo(WAITING);
		assertThat(cost(this.migration::sample)).isPositive().isLessThan(BOUND);
	}

	@Test
	void whileMigrationBacksOff() throws Exception {
		LockRequest wanted = this.migration.alterAndAwaitBlockers().waitingFor();
		assertThat(this.migration.cancelAndFindHolders(wanted)).hasSize(READERS);
		assertThat(cost(() -> this.migration.findHolders(wanted))).isPositive().isLessThan(BOUND);
	}

	private static List<OtherSession> open(int count) throws SQLException {
		List<OtherSession> opened = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			opened.add(OtherSession.open(database));
		}
		return opened;
	}

	private static void close(List<OtherSession> sessions) throws SQLException {
		for (OtherSession session : sessions) {
			session.cancel();
			session.close();
		}
	}

	private void letWait(String sql) {
		this.waiting.forEach((session) -> session.executeInBackground(sql));
		Awaiting.await("all who wait")
			.until(() -> database.superuser()
				.sql("select count(*) from pg_locks join pg_stat_activity using (pid)"
						+ " where not granted and application_name = 'other'")
				.query(Integer.class)
				.single(), (count) -> count == WAITING);
	}

	/**
	 * The first samples let the server prepare the query.
	 */
	private Duration cost(Callable<?> sample) throws Exception {
		execute(sample, 10);
		Duration before = processorTime(this.migration.monitor());
		execute(sample, SAMPLES);
		return processorTime(this.migration.monitor()).minus(before).dividedBy(SAMPLES);
	}

	private static void execute(Callable<?> sample, int times) throws Exception {
		for (int i = 0; i < times; i++) {
			sample.call();
		}
	}

	/**
	 * User and system time are the 14th and the 15th field, the second is a name in
	 * parentheses.
	 */
	private static Duration processorTime(Connection connection) throws IOException, SQLException {
		int pid = connection.unwrap(PGConnection.class).getBackendPID();
		String[] fields = Files.readString(Path.of("/proc/%d/stat".formatted(pid))).replaceAll(".*\\) ", "").split(" ");
		return TICK.multipliedBy(Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
	}

}
