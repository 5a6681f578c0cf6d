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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockerKind}: what {@link SessionSampler} recognizes, with the real
 * thing in the way of a role without privileges.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BlockerKindTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final String SLOW_READ = "select * from orders where pg_sleep(60) is not null";

	private TestDatabase database;

	private WatchedMigration migration;

	@BeforeEach
	void openSessions(TestDatabase database) throws SQLException {
		WatchedMigration.createTable(database);
		this.database = database;
		this.migration = new WatchedMigration(database);
	}

	@AfterEach
	void closeSessions() throws SQLException {
		this.migration.close();
		for (String remedy : this.database.superuser()
			.sql("select format('rollback prepared %L', gid) from pg_prepared_xacts where database = current_database()")
			.query(String.class)
			.list()) {
			this.database.superuser().sql(remedy).update();
		}
	}

	@Test
	void transactionThatExecutes() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database)) {
			CompletableFuture<Void> work = other.executeInBackground(SLOW_READ);
			awaitLock(other, "AccessShareLock");
			Blocker blocker = onlyBlocker();
			assertThat(blocker.kind()).isEqualTo(BlockerKind.LONG_TRANSACTION);
			assertThat(blocker.state()).isEqualTo("active");
			assertThat(blocker.query()).isEqualTo(SLOW_READ);
			assertThat(blocker.remedy()).isEqualTo("select pg_cancel_backend(%d)".formatted(other.pid()));
			assertThat(blocker.advice()).contains("pg_terminate_backend");
			execute(this.database.client(), blocker.remedy());
			assertThat(work).failsWithin(LONG);
			this.migration.await((sample) -> sample.blockers().isEmpty());
		}
	}

	@Test
	@Tag("security:S53")
	void preparedTransaction() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database)) {
			other.begin("insert into orders values (11)", "prepare transaction 'xa ''1\\'");
		}
		try (OtherSession other = OtherSession.open(this.database)) {
			other.begin("create table unrelated (id int)", "prepare transaction 'unrelated'");
		}
		SessionSample sample = this.migration.alterAndAwaitBlockers();
		assertThat(sample.blockers()).singleElement().satisfies(this::isPreparedTransaction);
		assertThat(this.migration.cancelAndFindHolders(sample.waitingFor())).singleElement()
			.satisfies(this::isPreparedTransaction);
		execute(this.database.client(), sample.blockers().get(0).remedy());
		assertThat(this.migration.findHolders(sample.waitingFor())).isEmpty();
	}

	private void isPreparedTransaction(Blocker blocker) {
		assertThat(blocker.kind()).isEqualTo(BlockerKind.PREPARED_TRANSACTION);
		assertThat(blocker.pid()).isNull();
		assertThat(blocker.transaction()).isNotNull();
		assertThat(blocker.user()).isEqualTo(this.database.username());
		assertThat(blocker.state()).isEqualTo("prepared");
		assertThat(blocker.transactionAge()).isPositive();
		assertThat(blocker.holds()).isEqualTo("RowExclusiveLock on orders");
		assertThat(blocker.hiddenFrom()).isNull();
		assertThat(blocker.remedy()).isEqualTo("rollback prepared E'xa ''1\\\\'");
		assertThat(blocker.advice()).contains("commit prepared E'xa ''1\\\\'");
	}

	@Test
	void backup() throws SQLException {
		for (String name : List.of("pg_dump", "pg_dumpall", "pg_basebackup")) {
			try (OtherSession other = open(name).begin("select * from orders")) {
				Blocker blocker = onlyBlocker();
				assertThat(blocker.kind()).isEqualTo(BlockerKind.BACKUP);
				assertThat(blocker.remedy()).isNull();
				other.rollback();
			}
			this.migration.await((sample) -> sample.waitingFor() == null);
			this.database.client().sql("alter table orders drop column total").update();
		}
	}

	@Test
	void anotherMigration() throws SQLException {
		try (OtherSession other = open("mg:H:tgs1k0:billing/billing-7c9f-0").begin("lock table orders")) {
			Blocker blocker = onlyBlocker();
			assertThat(blocker.kind()).isEqualTo(BlockerKind.MIGRATION);
			assertThat(blocker.remedy()).isNull();
			other.rollback();
		}
	}

	@Test
	void sessionThatBuildsIndex() throws SQLException {
		try (OtherSession other = open("other").begin("create function slow(int) returns int immutable language sql"
				+ " as 'select $1 + (pg_sleep(1) is null)::int'")) {
			other.connection().commit();
			CompletableFuture<Void> work = other.executeInBackground("create index on orders (slow(id))");
			awaitLock(other, "ShareLock");
			Blocker blocker = onlyBlocker();
			assertThat(blocker.kind()).isEqualTo(BlockerKind.INDEX_BUILD);
			assertThat(blocker.holds()).isEqualTo("ShareLock on orders");
			assertThat(blocker.remedy()).isEqualTo("select pg_cancel_backend(%d)".formatted(other.pid()));
			assertThat(blocker.advice()).contains("INVALID");
			SessionSample build = Awaiting.await("the build")
				.until(() -> SessionSampler.sample(this.migration.monitor(), other.pid(),
						WatchedMigration.TIMEOUT_SECONDS),
						(sample) -> sample.indexBuild().phase().equals("building index: scanning table"));
			assertThat(build.indexBuild().percent()).isBetween(0, 100);
			assertThat(build.queuedBehind().count()).isOne();
			execute(this.database.client(), blocker.remedy());
			assertThat(work).failsWithin(LONG);
			this.migration.await((sample) -> sample.blockers().isEmpty());
		}
	}

	@Test
	void snapshotThatConcurrentIndexBuildWaitsFor() throws SQLException {
		this.database.client().sql("create table unrelated (id int)").update();
		try (OtherSession other = open("other").begin("set transaction isolation level repeatable read",
				"select * from unrelated")) {
			this.migration.session().executeInBackground("create index concurrently i on orders (state)");
			SessionSample sample = this.migration.awaitBlockers();
			assertThat(sample.waitingFor().description()).matches("ShareLock on virtual transaction \\d+/\\d+");
			assertThat(sample.indexBuild().phase()).isEqualTo("waiting for old snapshots");
			assertThat(sample.indexBuild().percent()).isBetween(0, 99);
			Blocker blocker = sample.blockers().get(0);
			assertThat(blocker.pid()).isEqualTo(other.pid());
			assertThat(blocker.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
			assertThat(blocker.holds()).startsWith("ExclusiveLock on virtual transaction");
			assertThat(blocker.advice()).startsWith("A statement with CONCURRENTLY waits until");
			other.rollback();
			this.migration.await((candidate) -> candidate.indexBuild() == null);
		}
	}

	@Test
	void parallelWorkersAreTheirLeader() throws SQLException {
		this.database.client().sql("alter table orders set (parallel_workers = 2)").update();
		try (OtherSession other = open("other").execute("set min_parallel_table_scan_size = 0",
				"set parallel_setup_cost = 0", "set parallel_tuple_cost = 0",
				"set parallel_leader_participation = off")) {
			other.executeInBackground("select count(*) from orders where pg_sleep(60) is not null");
			Awaiting.await("workers")
				.until(() -> this.database.superuser()
					.sql("select count(*) from pg_locks join pg_stat_activity using (pid)"
							+ " where leader_pid = ? and relation = 'orders'::regclass")
					.param(other.pid())
					.query(Integer.class)
					.single() > 0);
			SessionSample sample = this.migration.alterAndAwaitBlockers();
			assertThat(sample.blockers()).extracting(Blocker::pid).containsExactly(other.pid());
			assertThat(this.migration.cancelAndFindHolders(sample.waitingFor())).extracting(Blocker::pid)
				.containsExactly(other.pid());
			other.cancel();
		}
	}

	@Test
	void sessionOfOtherRoleIsHidden() throws SQLException {
		this.database.client().sql("grant select on orders to public").update();
		try (OtherSession other = OtherSession.open(this.database, this.database.createRole("analyst", "login"), "psql")
			.begin("select * from orders")) {
			Blocker blocker = onlyBlocker();
			assertThat(blocker.pid()).isEqualTo(other.pid());
			assertThat(blocker.kind()).isEqualTo(BlockerKind.UNKNOWN);
			assertThat(blocker.hiddenFrom()).isEqualTo(this.database.username());
			assertThat(blocker.user()).isEqualTo(this.database.name() + "_analyst");
			assertThat(blocker.applicationName()).isEqualTo("psql");
			assertThat(blocker.transaction()).isNotNull();
			assertThat(blocker.holds()).isEqualTo("AccessShareLock on orders");
			assertThat(blocker.clientAddress()).isNull();
			assertThat(blocker.state()).isNull();
			assertThat(blocker.transactionAge()).isNull();
			assertThat(blocker.query()).isNull();
			assertThat(blocker.advice()).contains("hides from the role " + this.database.username(),
					"grant pg_read_all_stats to " + this.database.username());
			this.database.superuser().sql("grant pg_monitor to " + this.database.username()).update();
			Blocker shown = this.migration.awaitBlockers().blockers().get(0);
			assertThat(shown.kind()).isEqualTo(BlockerKind.IDLE_IN_TRANSACTION);
			assertThat(shown.hiddenFrom()).isNull();
			assertThat(shown.clientAddress()).isEqualTo("127.0.0.1");
			assertThat(shown.state()).isEqualTo("idle in transaction");
			assertThat(shown.transactionAge()).isPositive();
			assertThat(shown.query()).isEqualTo("select * from orders");
			assertThat(shown.isSameTransaction(blocker)).isTrue();
		}
	}

	@Test
	void sessionOfOtherRoleThatWaitsIsNotIdle() throws SQLException {
		this.database.client().sql("grant select on orders to public").update();
		this.database.client().sql("create table customers as select").update();
		this.database.client().sql("grant select on customers to public").update();
		try (OtherSession root = OtherSession.open(this.database).begin("lock table customers");
				OtherSession other = OtherSession
					.open(this.database, this.database.createRole("analyst", "login"), "psql")
					.begin("select * from orders")) {
			other.executeInBackground("select * from customers");
			this.migration.alter();
			SessionSample sample = this.migration.await((candidate) -> candidate.blockers().size() == 2);
			assertThat(sample.directBlockers()).extracting(Blocker::kind).containsExactly(BlockerKind.LONG_TRANSACTION);
			root.rollback();
		}
	}

	@Test
	void sessionOfSuperuser() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database, "postgres", "psql").begin("select * from orders")) {
			assertThat(onlyBlocker().superuser()).isTrue();
			other.rollback();
		}
	}

	@Test
	void commitThatWaitsForStandby() throws SQLException {
		this.migration.session().execute("set synchronous_commit = on");
		setStandbys("missing");
		try {
			SessionSample sample = Awaiting.await("a wait for the standby").until(() -> {
				if (this.migration.sample().blockers().isEmpty()) {
					this.migration.session().executeInBackground("update orders set state = 'late'");
				}
				return this.migration.sample();
			}, (candidate) -> !candidate.blockers().isEmpty());
			assertThat(sample.waitingFor()).isNull();
			assertThat(sample.blockers()).singleElement().satisfies((blocker) -> {
				assertThat(blocker.kind()).isEqualTo(BlockerKind.SYNC_REPLICATION);
				assertThat(blocker.pid()).isNull();
				assertThat(blocker.direct()).isTrue();
				assertThat(blocker.root()).isTrue();
				assertThat(blocker.advice()).contains("synchronous_standby_names is 'missing'");
			});
			execute(this.database.superuser(), sample.blockers().get(0).remedy());
			this.migration.await((candidate) -> candidate.blockers().isEmpty());
		}
		finally {
			setStandbys("");
		}
	}

	@Test
	void transactionThatWaitsForStandby() throws SQLException {
		try (OtherSession other = open("other").execute("set synchronous_commit = on")) {
			setStandbys("missing");
			try {
				Awaiting.await("a wait for the standby").until(() -> {
					if (!waitsForStandby(other)) {
						other.executeInBackground("update orders set state = 'late'");
					}
					return waitsForStandby(other);
				});
				Blocker blocker = onlyBlocker();
				assertThat(blocker.pid()).isEqualTo(other.pid());
				assertThat(blocker.kind()).isEqualTo(BlockerKind.LONG_TRANSACTION);
				assertThat(blocker.advice()).contains("synchronous_standby_names is 'missing'");
				execute(this.database.superuser(), blocker.remedy());
				this.migration.await((sample) -> sample.blockers().isEmpty());
			}
			finally {
				setStandbys("");
			}
		}
	}

	private boolean waitsForStandby(OtherSession session) {
		return this.database.superuser()
			.sql("select coalesce(wait_event = 'SyncRep', false) from pg_stat_activity where pid = ?")
			.param(session.pid())
			.query(Boolean.class)
			.single();
	}

	private void setStandbys(String names) {
		this.database.superuser().sql("alter system set synchronous_standby_names = '%s'".formatted(names)).update();
		this.database.superuser().sql("select pg_reload_conf()").query(Boolean.class).single();
	}

	private static void execute(JdbcClient client, String remedy) {
		for (String sql : remedy.split("; ")) {
			if (sql.startsWith("select")) {
				assertThat(client.sql(sql).query(Boolean.class).single()).isTrue();
			}
			else {
				client.sql(sql).update();
			}
		}
	}

	private OtherSession open(String applicationName) throws SQLException {
		return OtherSession.open(this.database, this.database.username(), applicationName);
	}

	private Blocker onlyBlocker() {
		SessionSample sample = this.migration.alterAndAwaitBlockers();
		assertThat(sample.blockers()).hasSize(1);
		assertThat(sample.blockers().get(0).advice()).isNotEmpty().doesNotContain("%", "null");
		return sample.blockers().get(0);
	}

	private void awaitLock(OtherSession session, String mode) {
		Awaiting.await(mode)
			.until(() -> this.database.superuser()
				.sql("select count(*) from pg_locks where pid = ? and mode = ? and relation = 'orders'::regclass")
				.param(session.pid())
				.param(mode)
				.query(Integer.class)
				.single() > 0);
	}

}
