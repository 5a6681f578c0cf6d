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
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.BlockerEnding.Outcome;
import io.github.migrationguard.watch.BlockerEnding.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockerEnding}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BlockerEndingTests {

	private static final String READ = "select * from orders";

	private TestDatabase database;

	private WatchedMigration migration;

	@BeforeEach
	void openSessions(TestDatabase database) throws SQLException {
		WatchedMigration.createTable(database);
		database.client().sql("grant select on orders to public").update();
		this.database = database;
		this.migration = new WatchedMigration(database);
	}

	@AfterEach
	void closeSessions() throws SQLException {
		this.migration.close();
	}

	@Test
	void endsSessionThatIsIdleInTransaction() throws SQLException {
		OtherSession other = OtherSession.open(this.database).begin(READ);
		CompletableFuture<Void> alter = this.migration.alter();
		assertThat(terminate(onlyBlocker())).isEqualTo(Result.ENDED);
		assertThat(alter).succeedsWithin(Duration.ofMinutes(1));
		awaitEnd(other);
	}

	@Test
	@Tag("security:S5")
	void leavesNextTransactionOfSameSessionAlone() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin(READ)) {
			this.migration.alter();
			Blocker blocker = onlyBlocker();
			this.migration.session().cancel();
			other.rollback();
			other.execute(READ);
			assertThat(terminate(blocker)).isEqualTo(Result.GONE);
			assertThat(other.query("select 1")).isEqualTo("1");
		}
	}

	@Test
	void leavesSessionAloneThatIsNotIdleAnyMore() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin(READ)) {
			this.migration.alter();
			Blocker blocker = onlyBlocker();
			CompletableFuture<Void> work = other.executeInBackground("select pg_sleep(60)");
			this.migration.await(BlockerEndingTests::isBlockedByExecution);
			assertThat(terminate(blocker)).isEqualTo(Result.GONE);
			assertThat(work).isNotDone();
			other.cancel();
		}
	}

	@Test
	void sessionThatHasEndedIsGone() throws SQLException {
		OtherSession other = OtherSession.open(this.database).begin(READ);
		this.migration.alter();
		Blocker blocker = onlyBlocker();
		other.close();
		awaitEnd(other);
		assertThat(terminate(blocker)).isEqualTo(Result.GONE);
	}

	@Test
	void cancelsStatement() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database).begin(READ)) {
			CompletableFuture<Void> work = other.executeInBackground("select pg_sleep(60)");
			this.migration.alter();
			Blocker blocker = this.migration.await(BlockerEndingTests::isBlockedByExecution).blockers().get(0);
			assertThat(BlockerEnding.cancel(this.migration.monitor(), blocker, Duration.ZERO,
					WatchedMigration.TIMEOUT_SECONDS))
				.isEqualTo(Result.ENDED);
			assertThat(work).failsWithin(Duration.ofMinutes(1))
				.withThrowableThat()
				.withStackTraceContaining("due to user request");
			other.rollback();
		}
	}

	@Test
	void refusalTellsWhatWouldAllowIt() throws SQLException {
		String analyst = this.database.createRole("analyst", "login");
		try (OtherSession other = OtherSession.open(this.database, analyst, "psql").begin(READ)) {
			this.migration.alter();
			Blocker blocker = onlyBlocker();
			Result refused = terminate(blocker);
			assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
			assertThat(refused.reason()).startsWith("ERROR: ")
				.contains("pg_signal_backend")
				.contains("'grant pg_signal_backend to %s'".formatted(this.database.username()))
				.doesNotContain("\n");
			this.database.superuser().sql("grant pg_signal_backend to " + this.database.username()).update();
			assertThat(terminate(blocker)).isEqualTo(Result.ENDED);
			awaitEnd(other);
		}
	}

	@Test
	void preparedTransactionHasNoSessionToEnd() throws SQLException {
		try (OtherSession other = OtherSession.open(this.database)) {
			other.begin("lock table orders", "prepare transaction 'ending'");
		}
		try {
			this.migration.alter();
			assertThat(terminate(onlyBlocker())).isEqualTo(Result.GONE);
		}
		finally {
			this.database.client().sql("rollback prepared 'ending'").update();
		}
	}

	private static boolean isBlockedByExecution(SessionSample sample) {
		return sample.blockers().stream().anyMatch((blocker) -> "active".equals(blocker.state()));
	}

	private Blocker onlyBlocker() {
		return this.migration.awaitBlockers().blockers().get(0);
	}

	private Result terminate(Blocker blocker) throws SQLException {
		return BlockerEnding.terminate(this.migration.monitor(), blocker, WatchedMigration.TIMEOUT_SECONDS);
	}

	private void awaitEnd(OtherSession session) {
		Awaiting.await("the end of the session")
			.until(() -> this.database.sessions().stream().noneMatch((other) -> other.pid() == session.pid()));
	}

}
