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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockerEnforcement}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@ExtendWith(OutputCaptureExtension.class)
class BlockerEnforcementTests {

	private static final String READ = "select * from orders where id = 4711";

	private static final Set<BlockerKind> IDLE = EnumSet.of(BlockerKind.IDLE_IN_TRANSACTION);

	private TestDatabase database;

	private WatchedMigration migration;

	private final List<OtherSession> others = new ArrayList<>();

	@BeforeEach
	void openSessions(TestDatabase database) throws SQLException {
		WatchedMigration.createTable(database);
		database.client().sql("grant all on orders to public").update();
		this.database = database;
		this.migration = new WatchedMigration(database);
	}

	@AfterEach
	void closeSessions() throws SQLException {
		for (OtherSession other : this.others) {
			other.cancel();
			other.close();
		}
		this.migration.close();
	}

	@Test
	void endsNobodyButIdleTransactionsThatAreInTheWay(CapturedOutput output) throws SQLException {
		this.database.client().sql("create table customers (id int)").update();
		OtherSession idle = open("psql").begin(READ);
		OtherSession root = open("psql").begin("lock table customers");
		OtherSession direct = open("app").begin(READ);
		direct.executeInBackground("select * from customers");
		OtherSession backup = open("pg_dump").begin(READ);
		OtherSession active = open("app").begin(READ);
		active.executeInBackground("select pg_sleep(60)");
		OtherSession superuser = keep(OtherSession.open(this.database, "postgres", "psql").begin(READ));
		OtherSession elsewhere = open("psql").begin("select * from pg_class");
		OtherSession holderElsewhere = open("psql").begin("create table elsewhere (id int)", "lock table elsewhere");
		this.migration.alter();
		this.migration.await((sample) -> sample.blockers().size() == 6 && isExecuting(active, sample));
		OtherSession queued = open("app");
		queued.executeInBackground(READ);
		SessionSample sample = this.migration
			.await((candidate) -> candidate.blockers().size() == 6 && candidate.queuedBehind().count() == 1);
		terminating(Duration.ZERO).apply(this.migration.monitor(), sample.blockers());
		Awaiting.await("the end of two").until(() -> !isAlive(idle) && !isAlive(root));
		for (OtherSession other : List.of(direct, backup, active, superuser, elsewhere, holderElsewhere, queued)) {
			assertThat(isAlive(other)).isTrue();
		}
		assertThat(output)
			.contains("The session pid %d (IDLE_IN_TRANSACTION, application psql, user %s, ".formatted(idle.pid(),
					this.database.username()))
			.contains("was ended, as migration-guard.blockers.policy says")
			.doesNotContain("4711");
	}

	@Test
	void isPatient() throws SQLException {
		OtherSession other = open("psql").begin(READ);
		List<Blocker> blockers = this.migration.alterAndAwaitBlockers().blockers();
		BlockerEnforcement enforcement = terminating(Duration.ofSeconds(1));
		enforcement.apply(this.migration.monitor(), blockers);
		assertThat(isAlive(other)).isTrue();
		long start = System.nanoTime();
		Awaiting.await("the end of patience").until(() -> {
			enforcement.apply(this.migration.monitor(), blockers);
			return !isAlive(other);
		});
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
	}

	@Test
	void endsIdleTransactionAndNotOneThatIsBetweenTwoStatements() throws SQLException {
		OtherSession busy = open("app").begin(READ);
		this.migration.alterAndAwaitBlockers();
		BlockerEnforcement enforcement = terminating(Duration.ofSeconds(1));
		long start = System.nanoTime();
		while (System.nanoTime() - start < Duration.ofSeconds(2).toNanos()) {
			busy.execute("select 1");
			enforcement.apply(this.migration.monitor(), this.migration.sample().blockers());
		}
		assertThat(isAlive(busy)).isTrue();
		busy.execute("select 1");
		Awaiting.await("the end of the idle transaction").until(() -> {
			enforcement.apply(this.migration.monitor(), this.migration.sample().blockers());
			return !isAlive(busy);
		});
	}

	@Test
	void patienceBeginsAnewForWhoWasGone() throws SQLException {
		OtherSession other = open("psql").begin(READ);
		List<Blocker> blockers = this.migration.alterAndAwaitBlockers().blockers();
		BlockerEnforcement enforcement = terminating(Duration.ofNanos(1));
		enforcement.apply(this.migration.monitor(), blockers);
		enforcement.apply(this.migration.monitor(), List.of());
		enforcement.apply(this.migration.monitor(), blockers);
		assertThat(isAlive(other)).isTrue();
		enforcement.apply(this.migration.monitor(), blockers);
		Awaiting.await("the end of the session").until(() -> !isAlive(other));
	}

	@Test
	void observesOnly() throws SQLException {
		OtherSession other = open("psql").begin(READ);
		List<Blocker> blockers = this.migration.alterAndAwaitBlockers().blockers();
		new BlockerEnforcement(BlockerPolicy.OBSERVE, Duration.ZERO, EnumSet.allOf(BlockerKind.class), true)
			.apply(this.migration.monitor(), blockers);
		assertThat(isAlive(other)).isTrue();
	}

	@Test
	void endsSuperuserIfToldSo() throws SQLException {
		this.database.superuser().sql("alter role %s superuser".formatted(this.database.username())).update();
		OtherSession superuser = keep(OtherSession.open(this.database, "postgres", "psql").begin(READ));
		try (WatchedMigration migration = new WatchedMigration(this.database)) {
			List<Blocker> blockers = migration.alterAndAwaitBlockers().blockers();
			new BlockerEnforcement(BlockerPolicy.TERMINATE, Duration.ZERO, IDLE, true).apply(migration.monitor(),
					blockers);
			Awaiting.await("the end of the session").until(() -> !isAlive(superuser));
		}
	}

	@Test
	void refusalIsToldOnce(CapturedOutput output) throws SQLException {
		String analyst = this.database.createRole("analyst", "login");
		this.database.superuser().sql("grant pg_read_all_stats to " + this.database.username()).update();
		OtherSession other = keep(OtherSession.open(this.database, analyst, "psql").begin(READ));
		List<Blocker> blockers = this.migration.alterAndAwaitBlockers().blockers();
		BlockerEnforcement enforcement = terminating(Duration.ZERO);
		enforcement.apply(this.migration.monitor(), blockers);
		enforcement.apply(this.migration.monitor(), blockers);
		assertThat(isAlive(other)).isTrue();
		assertThat(StringUtils.countOccurrencesOf(output.toString(), "was not ended, the server refuses it: ERROR:"))
			.isOne();
		assertThat(output).contains("'grant pg_signal_backend to %s'".formatted(this.database.username()));
	}

	@Test
	void cancelsStatementsAndLeavesIdleTransactionsAlone(CapturedOutput output) throws SQLException {
		OtherSession idle = open("psql").begin(READ);
		OtherSession active = open("app").begin(READ);
		CompletableFuture<Void> work = active.executeInBackground("select pg_sleep(60)");
		this.migration.alter();
		List<Blocker> blockers = this.migration
			.await((sample) -> sample.blockers().size() == 2 && isExecuting(active, sample))
			.blockers();
		BlockerEnforcement enforcement = new BlockerEnforcement(BlockerPolicy.CANCEL, Duration.ZERO,
				EnumSet.of(BlockerKind.IDLE_IN_TRANSACTION, BlockerKind.LONG_TRANSACTION), false);
		enforcement.apply(this.migration.monitor(), blockers);
		enforcement.apply(this.migration.monitor(), blockers);
		assertThat(work).failsWithin(Duration.ofMinutes(1));
		assertThat(isAlive(idle)).isTrue();
		assertThat(isAlive(active)).isTrue();
		assertThat(output).contains("The statement of the session pid " + active.pid())
			.doesNotContain("The statement of the session pid " + idle.pid());
		assertThat(StringUtils.countOccurrencesOf(output.toString(), "executes nothing that could be cancelled"))
			.isOne();
	}

	private static BlockerEnforcement terminating(Duration patience) {
		return new BlockerEnforcement(BlockerPolicy.TERMINATE, patience, IDLE, false);
	}

	private OtherSession open(String applicationName) throws SQLException {
		return keep(OtherSession.open(this.database, this.database.username(), applicationName));
	}

	private OtherSession keep(OtherSession session) {
		this.others.add(session);
		return session;
	}

	private static boolean isExecuting(OtherSession session, SessionSample sample) {
		return sample.blockers()
			.stream()
			.anyMatch((blocker) -> Integer.valueOf(session.pid()).equals(blocker.pid())
					&& blocker.kind() == BlockerKind.LONG_TRANSACTION);
	}

	private boolean isAlive(OtherSession session) {
		return this.database.sessions().stream().anyMatch((other) -> other.pid() == session.pid());
	}

}
