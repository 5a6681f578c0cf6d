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

package io.github.migrationguard;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import io.github.migrationguard.ddl.DdlFailures;
import io.github.migrationguard.ddl.FailedStatement;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.watch.InvalidIndex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyzers: what somebody reads at 3 a.m.
 *
 * @author Migration Guard
 */
class FailureAnalyzerTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	private static final Instant SINCE = Instant.parse("2026-11-20T11:29:16Z");

	@Test
	void failedMigrationNamesUnitAndError() {
		FailureAnalysis analysis = analyze(new MigrationFailedException("liquibase", "liquibase",
				"4.sql::add-total::alice", new SQLException("ERROR: relation \"orders\" does not exist", "42P01")));
		assertThat(analysis.getDescription()).isEqualToNormalizingNewlines(
				"""
						The liquibase migration 'liquibase' failed in the unit '4.sql::add-total::alice' with SQLSTATE 42P01:

						    ERROR: relation "orders" does not exist

						What the unit did in a transaction was rolled back, what came before it is recorded, and no lock is left.""");
		assertThat(analysis.getAction())
			.startsWith("Correct the unit, or what it meets in the database, and start the application again");
	}

	@Test
	void failedMigrationWithoutUnitTellsTheCause() {
		FailureAnalysis analysis = analyze(new MigrationFailedException("liquibase", "liquibase", null,
				new IllegalStateException("no such file")));
		assertThat(analysis.getDescription()).startsWith("The liquibase migration 'liquibase' failed:")
			.contains("no such file");
		assertThat(analysis.getAction()).isEqualTo("Correct the cause and start the application again.");
	}

	@Test
	void failedMigrationWithoutUnitTellsWhatIsToBeGranted() {
		FailureAnalysis analysis = analyze(new MigrationFailedException("liquibase", "liquibase", null,
				new SQLException("ERROR: permission denied for table databasechangelog", "42501")));
		assertThat(analysis.getDescription()).contains("42501", "permission denied for table databasechangelog")
			.doesNotContain("rolled back");
		assertThat(analysis.getAction()).startsWith("Grant the user of the migration what it lacks")
			.contains("migration-guard.role=wait");
	}

	@Test
	void invalidIndexNamesUnitReasonAndRemedy() {
		SQLException refused = DdlFailures.invalidIndex("it belongs to another role",
				"drop index concurrently public.i");
		FailureAnalysis analysis = analyze(new MigrationFailedException("liquibase", "liquibase",
				"4.sql::add-index::alice", new IllegalStateException(refused)));
		assertThat(analysis.getDescription()).isEqualTo(
				"The unit '4.sql::add-index::alice' of the migration 'liquibase' was not executed: it creates the"
						+ " index public.i on public.t, and there is an invalid index of that name. Building it has failed"
						+ " before, and no query uses it. It is not repaired, because it belongs to another role.");
		assertThat(analysis.getAction()).startsWith("Remove the index")
			.endsWith("    drop index concurrently public.i");
	}

	@Test
	void indexThatIsBeingBuiltIsNotToBeRemoved() {
		FailureAnalysis analysis = analyze(DdlFailures.invalidIndex("the session with pid 7 is building it", null));
		assertThat(analysis.getDescription()).startsWith("A statement of a migration was not executed")
			.endsWith("because the session with pid 7 is building it.");
		assertThat(analysis.getAction()).isEqualTo("Wait until the index is built, and start the application again.");
	}

	@Test
	void cancelOfAnotherIsNotBlamedOnTheUnit() {
		FailureAnalysis analysis = analyze(
				Failures.failed(new SQLException("ERROR: canceling statement due to user request", "57014")));
		assertThat(analysis.getDescription()).contains("Somebody has cancelled the statement")
			.contains("not tried again by this instance");
		assertThat(analysis.getAction()).startsWith("Ask who has cancelled it").contains("Other instances");
	}

	@Test
	void failedIndexBuildNamesInvalidIndexAndRemedy() {
		MigrationFailedException failed = new MigrationFailedException("liquibase", "liquibase",
				"4.sql::add-index::alice", new SQLException("could not create unique index", "23505"));
		FailureAnalysis analysis = analyze(new IndexBuildFailedException(failed,
				List.of(new InvalidIndex("public.i", "public.t", null, true, false))));
		assertThat(analysis.getDescription())
			.startsWith("The liquibase migration 'liquibase' failed in the unit '4.sql::add-index::alice'"
					+ " with SQLSTATE 23505:")
			.contains("could not create unique index", "    public.i on public.t");
		assertThat(analysis.getAction()).contains("repair-invalid-indexes")
			.endsWith("    drop index concurrently public.i");
	}

	@Test
	void unitThatWasCutOffTellsWhatItFindsAndBothWaysOut() {
		FailureAnalysis analysis = analyze(partlyApplied("42P07", 0));
		assertThat(analysis.getDescription()).contains("with SQLSTATE 42P07", "It failed with:",
				"    create table t (code text default ?)",
				"what it met is left of an earlier attempt that was cut off");
		assertThat(analysis.getAction()).startsWith("Compare the unit with what is in the database.")
			.contains("remove what is there of it", "'liquibase mark-next-changeset-ran'");
	}

	@Test
	void unitThatFailsHalfWayTellsHowFarItGot() {
		FailureAnalysis analysis = analyze(partlyApplied("22012", 2));
		assertThat(analysis.getDescription()).contains("It failed with:",
				"2 statements before it were executed and are not rolled back.");
	}

	private static MigrationFailedException partlyApplied(String sqlState, int executed) {
		MigrationFailedException failed = new MigrationFailedException("liquibase", "liquibase", "4.sql::t::alice",
				new SQLException("it failed", sqlState));
		return PartlyAppliedException.of(failed,
				new FailedStatement("create table t (code text default 'secret')", executed, false));
	}

	@Test
	@Tag("security:S20")
	@Tag("security:S40")
	void lockWaitNamesHolderAndWhatItDoes() {
		LockParticipant holder = new LockParticipant(4242, "orders/orders-7c9f-2", "orders", "10.1.2.3", SINCE,
				Activity.IDLE, "secret", null, null, true);
		FailureAnalysis analysis = analyze(
				new LockWaitTimeoutException("liquibase", KEY, Duration.ofMinutes(30), holder, null));
		assertThat(analysis.getDescription()).isEqualTo("The migration 'liquibase' waited for the lock"
				+ " 'public.databasechangeloglock' (advisory lock 1296712786, 1624095823), which is held by"
				+ " 'orders/orders-7c9f-2' (pid 4242, user orders, client 10.1.2.3, since 2026-11-20T11:29:16Z, IDLE)."
				+ " There was no sign of life for PT30M (migration-guard.lock.wait-timeout): the history did not grow"
				+ " and the session of the holder neither works nor waits for a lock.");
		assertThat(analysis.getAction())
			.isEqualTo("Look at that instance. If it hangs, stop it or end its session with:"
					+ " select pg_terminate_backend(4242). If it is healthy, raise 'migration-guard.lock.wait-timeout'.");
	}

	@Test
	void changelogLockWaitNamesOwnerAndRemedy() {
		ToolLock toolLock = new ToolLock("public.databasechangeloglock", "pod-7 (10.1.2.3)", SINCE, "update ...");
		FailureAnalysis analysis = analyze(
				new LockWaitTimeoutException("liquibase", KEY, Duration.ofMinutes(30), null, toolLock));
		assertThat(analysis.getDescription()).startsWith("The migration 'liquibase' waited for the table"
				+ " public.databasechangeloglock, which is locked by 'pod-7 (10.1.2.3)' since 2026-11-20T11:29:16Z.");
		assertThat(analysis.getAction()).contains("update ...");
	}

	@Test
	void waitInVainNamesWhatIsMissing() {
		List<String> pending = IntStream.rangeClosed(1, 12).mapToObj("%d.sql"::formatted).toList();
		FailureAnalysis analysis = analyze(
				new PendingTimeoutException("liquibase", pending, Duration.ofMinutes(30), null));
		assertThat(analysis.getDescription())
			.contains("no sign of life for PT30M (migration-guard.lock.wait-timeout). Nobody holds the lock.")
			.contains("    - 1.sql")
			.endsWith("    and 2 more");
		assertThat(analysis.getAction()).contains("migration-guard.job.enabled");
	}

	@Test
	void newerSchemaNamesWhatIsUnknown() {
		FailureAnalysis analysis = analyze(
				new SchemaAheadException("liquibase", "public.databasechangelog", List.of("9.sql::total::alice")));
		assertThat(analysis.getDescription()).contains("holds 1 units that this version does not know")
			.contains("    - 9.sql::total::alice");
		assertThat(analysis.getAction()).contains("migration-guard.schema-ahead");
	}

	@Test
	void lostLockNamesUnit() {
		FailureAnalysis analysis = analyze(new LockLostException("liquibase", "4.sql::vacuum::alice"));
		assertThat(analysis.getDescription())
			.contains("while or after '4.sql::vacuum::alice' ran, for the second time");
		assertThat(analysis.getAction()).contains("4.sql::vacuum::alice", "spring.liquibase.url");
	}

	@Test
	void unreachableDatabaseNamesProperty() {
		FailureAnalysis analysis = analyze(new DatabaseUnavailableException("liquibase", Duration.ofMinutes(2),
				new SQLException("Connection refused", "08001")));
		assertThat(analysis.getDescription())
			.startsWith("The migration 'liquibase' could not connect to its database within PT2M (SQLSTATE 08001):");
		assertThat(analysis.getAction()).contains("migration-guard.database.wait-timeout");
	}

	@Test
	void refusedConnectionTellsWhatToCorrect() {
		assertThat(actionForRefusal("28P01")).contains("password");
		assertThat(actionForRefusal("3D000")).contains("Create the database");
		assertThat(actionForRefusal("42501")).contains("grant connect");
		assertThat(actionForRefusal("XX000")).contains("spring.datasource");
	}

	private String actionForRefusal(String sqlState) {
		return analyze(new DatabaseUnavailableException("liquibase", null, new SQLException("refused", sqlState)))
			.getAction();
	}

	@Test
	void transactionPoolingNamesUrlProofAndProperty() {
		FailureAnalysis analysis = analyze(new TransactionPoolingException("liquibase", "liquibase",
				"jdbc:postgresql://pooler:6432/orders", "the session was given to another connection", null));
		assertThat(analysis.getDescription()).isEqualToNormalizingNewlines(
				"""
						The migration 'liquibase' is connected to jdbc:postgresql://pooler:6432/orders through a connection pooler that does not pool sessions but transactions, or statements:

						    the session was given to another connection

						There, an advisory lock is left behind in a session that others use next: two instances would migrate at once. Nothing has been changed.""");
		assertThat(analysis.getAction()).isEqualTo("Connect the migration to the server directly, or to a pooler in"
				+ " session mode, with 'spring.liquibase.url', 'spring.liquibase.user' and"
				+ " 'spring.liquibase.password'. The application itself may go on to use the pooler as it is.");
	}

	@Test
	void transactionPoolingOfSupavisorNamesPort() {
		FailureAnalysis analysis = analyze(new TransactionPoolingException("flywayInitializer", "flyway",
				"jdbc:postgresql://aws-0-eu-central-1.pooler.supabase.com:6543/postgres", "proof", null));
		assertThat(analysis.getAction()).contains("'spring.flyway.url'")
			.endsWith("With Supavisor, session mode is on port 5432 of the same host instead of 6543.");
	}

	@Test
	void standbyNamesUrlAndParameter() {
		FailureAnalysis analysis = analyze(
				new StandbyException("liquibase", "jdbc:postgresql://replica/orders", Duration.ofMinutes(2)));
		assertThat(analysis.getDescription()).isEqualTo("The migration 'liquibase' is connected to a standby, which can"
				+ " only be read (jdbc:postgresql://replica/orders). It was not promoted, and no primary took its place,"
				+ " within PT2M (migration-guard.database.wait-timeout). Nothing has been changed.");
		assertThat(analysis.getAction()).contains("targetServerType=primary");
	}

	@Test
	void databaseWithoutAdvisoryLocksIsNamed() {
		FailureAnalysis analysis = analyze(new AdvisoryLockException("liquibase", "PostgreSQL 11.2-YB-2.20",
				"advisory locks are not yet implemented", null));
		assertThat(analysis.getDescription())
			.startsWith("The migration 'liquibase' cannot be guarded: the database says that it is PostgreSQL 11.2-YB")
			.contains("advisory locks are not yet implemented");
		assertThat(analysis.getAction()).contains("migration-guard.enabled=false");
	}

	@Test
	void stoppedStartAsksForNothing() {
		assertThat(analyze(new MigrationStoppedException("liquibase", "The application was stopped")).getAction())
			.isEqualTo("Nothing is to be done: the next start goes on where this one stopped.");
	}

	private static FailureAnalysis analyze(Exception failure) {
		return Failures.analyze(new ApplicationContextException("Failed to start bean", failure));
	}

}
