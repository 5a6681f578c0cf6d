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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.Stranger;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for sessions that take the lock of a migration without being one, or pretend to
 * be one.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class StrangerTests {

	private static final String LOCK = arguments("pg_advisory_lock", Guards.KEY.namespace());

	private static final String SHARE_LOCK = arguments("pg_advisory_lock_shared", Guards.KEY.namespace());

	private static final String TAKE_PRESENCE = arguments("pg_advisory_lock", Guards.KEY.namespace() + 1);

	private static final String SHARE_PRESENCE = arguments("pg_advisory_lock_shared", Guards.KEY.namespace() + 1);

	private static final String HOLDER_NAME = "mg:H:tot1vi:orders-0";

	@TempDir
	private Path directory;

	private static String arguments(String function, int namespace) {
		return "select %s(%d, %d)".formatted(function, namespace, Guards.KEY.hash());
	}

	@Test
	@Tag("security:S40")
	@Tag("security:S41")
	void strangerThatWorksIsNamedAndNotWaitedForLongerThanOneThatDoesNothing(TestDatabase database) {
		try (OtherSession stranger = OtherSession.open(database, "psql").execute(LOCK)) {
			CompletableFuture<OtherSession> work = stranger.executeInBackground("select pg_sleep(300)");
			LockWaitTimeoutException failure = timeout(database);
			assertThat(failure.getHolder().pid()).isEqualTo(stranger.pid());
			assertThat(failure)
				.hasMessageContaining("a session that is not a guarded one (pid %d".formatted(stranger.pid()));
			assertThat(work).isNotDone();
		}
	}

	@Test
	@Tag("security:S41")
	void strangersThatTakeTurnsAreNotWaitedForLonger(TestDatabase database) {
		try (OtherSession first = OtherSession.open(database, "psql").execute(SHARE_LOCK);
				OtherSession second = OtherSession.open(database, "psql").execute(SHARE_LOCK)) {
			assertThat(timeout(database).getHolder().pid()).isEqualTo(Math.min(first.pid(), second.pid()));
		}
	}

	private LockWaitTimeoutException timeout(TestDatabase database) {
		MigrationGuard guard = Guards.of(Guards.liquibase(database, this.directory, "public"));
		CompletableFuture<Void> run = CompletableFuture.runAsync(guard::migrate);
		assertThat(run).failsWithin(Duration.ofSeconds(40));
		assertThat(guard.getStatus().get(0).state()).isEqualTo(MigrationState.FAILED);
		Throwable failure = run.handle((result, ex) -> ex).join();
		assertThat(failure).isInstanceOf(CompletionException.class)
			.cause()
			.isInstanceOf(LockWaitTimeoutException.class);
		return (LockWaitTimeoutException) failure.getCause();
	}

	@Test
	@Tag("security:S45")
	void notificationAloneGivesNobodyTheLock(TestDatabase database) throws SQLException {
		MigrationGuard guard = Guards.of(Guards.liquibase(database, this.directory, "public"), Duration.ofMinutes(1));
		try (Stranger stranger = new Stranger(database, Guards.KEY);
				OtherSession notifier = OtherSession.open(database, "psql")) {
			CompletableFuture<Void> run = CompletableFuture.runAsync(guard::migrate);
			Awaiting.await("waiting").until(() -> guard.getStatus().get(0).state() == MigrationState.WAITING);
			long asked = count(database, "with lock as materialized");
			notifier.execute("select pg_notify('migration_guard_%08x_%08x', n::text) from generate_series(1, 1000) n"
				.formatted(Guards.KEY.namespace(), Guards.KEY.hash()));
			Awaiting.await("asked again").until(() -> count(database, "with lock as materialized") > asked + 1);
			assertThat(count(database, "pg_try_advisory_lock(")).isOne();
			assertThat(run).isNotDone();
			stranger.unlock();
			assertThat(run).succeedsWithin(Duration.ofSeconds(40));
		}
		assertThat(guard.getStatus().get(0).state()).isEqualTo(MigrationState.COMPLETED);
	}

	private static long count(TestDatabase database, String text) {
		return database.statementLog().statements().stream().filter((entry) -> entry.sql().contains(text)).count();
	}

	@Test
	@Tag("security:S42")
	void serviceWithAnotherLockIsNotAffected(TestDatabase database) {
		database.client().sql("create schema other").update();
		try (OtherSession stranger = OtherSession.open(database, "psql").execute(LOCK)) {
			assertCompletes(Guards.of(Guards.liquibase(database, this.directory, "other")));
			assertThat(stranger.isAlive()).isTrue();
		}
	}

	@Test
	@Tag("security:S43")
	void presenceThatIsTakenKeepsNobodyFromMigrating(TestDatabase database) {
		try (OtherSession stranger = OtherSession.open(database, HOLDER_NAME).execute(TAKE_PRESENCE)) {
			assertCompletes(Guards.of(Guards.liquibase(database, this.directory, "public")));
			assertThat(stranger.isAlive()).isTrue();
		}
	}

	@Test
	@Tag("security:S43")
	void manyWhoPretendToWaitKeepNobodyFromMigrating(TestDatabase database) throws SQLException {
		List<OtherSession> strangers = Stream.generate(() -> OtherSession.open(database, "mg:W:zzzzzzzzz:pretender"))
			.limit(10)
			.map((session) -> session.execute(SHARE_PRESENCE))
			.toList();
		assertThat(participants(database).waiters()).hasSize(10)
			.allMatch((waiter) -> "pretender".equals(waiter.instance()));
		assertCompletes(Guards.of(Guards.liquibase(database, this.directory, "public")));
		strangers.forEach(OtherSession::close);
	}

	private static void assertCompletes(MigrationGuard guard) {
		guard.migrate();
		assertThat(guard.getStatus().get(0).state()).isEqualTo(MigrationState.COMPLETED);
	}

	@Test
	@Tag("security:S44")
	void nameAloneMakesNobodyHolderOrWaiter(TestDatabase database) throws SQLException {
		try (OtherSession pretender = OtherSession.open(database, HOLDER_NAME)) {
			assertThat(participants(database)).isEqualTo(LockParticipants.NOBODY);
			pretender.execute(SHARE_PRESENCE);
			assertThat(participants(database).holder()).isNull();
			assertThat(participants(database).waiters()).extracting(LockParticipant::pid, LockParticipant::since)
				.containsExactly(tuple(pretender.pid(), null));
		}
	}

	@Test
	@Tag("security:S44")
	void whoHoldsTheLockIsHolderWhateverItsName(TestDatabase database) throws SQLException {
		try (OtherSession stranger = OtherSession.open(database, "mg:W:tot1vi:orders-0").execute(LOCK)) {
			LockParticipant holder = participants(database).holder();
			assertThat(holder.pid()).isEqualTo(stranger.pid());
			assertThat(holder.user()).isEqualTo(database.username());
			assertThat(holder.since()).isNull();
		}
	}

	@Test
	@Tag("security:S44")
	void holderCanOnlyLieAboutItsInstanceAndSinceWhen(TestDatabase database) throws SQLException {
		try (OtherSession stranger = OtherSession.open(database, "mg:H:zzzzzzzzz:orders-0").execute(LOCK)) {
			LockParticipant holder = participants(database).holder();
			assertThat(holder.pid()).isEqualTo(stranger.pid());
			assertThat(holder.instance()).isEqualTo("orders-0");
			assertThat(holder.since()).isAfter(Instant.now());
		}
	}

	private static LockParticipants participants(TestDatabase database) throws SQLException {
		try (Connection connection = database.connect()) {
			Map<Integer, LockParticipants> participants = LockParticipants.readAll(connection, 5);
			return participants.getOrDefault(Guards.KEY.hash(), LockParticipants.NOBODY);
		}
	}

}
