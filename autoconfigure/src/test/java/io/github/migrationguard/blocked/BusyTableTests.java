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

package io.github.migrationguard.blocked;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.StartingService;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a table that is never left alone.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class BusyTableTests {

	private static final Log logger = LogFactory.getLog(BusyTableTests.class);

	private static final int WRITERS = 8;

	/**
	 * Too short for a gap between the transactions of all of them.
	 */
	private static final Duration MAX_STALL = Duration.ofMillis(150);

	private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

	@TempDir
	private Path directory;

	@Test
	void migrationGetsThroughOverlappingTransactions(TestDatabase database) {
		database.client().sql("create schema shop").update();
		database.client()
			.sql("create table shop.orders as select id, 0 as total from generate_series(1, 8) id")
			.update();
		AtomicBoolean done = new AtomicBoolean();
		List<CompletableFuture<Integer>> writers = new ArrayList<>();
		try {
			IntStream.rangeClosed(1, WRITERS).forEach((writer) -> writers.add(write(database, writer, done)));
			Awaiting.await("overlapping transactions").until(() -> openTransactions(database) == WRITERS);
			try (StartingService service = StartingService.start(database,
					MigrationTool.LIQUIBASE.unit("note", "alter table shop.orders add column note text"),
					this.directory, "migration-guard.ddl.max-stall=" + MAX_STALL.toMillis() + "ms")) {
				MigrationStatus status = service.awaitStarted();
				assertThat(status.state()).isEqualTo(MigrationState.COMPLETED);
				assertGrows(status.ddl().attempts());
			}
		}
		finally {
			done.set(true);
		}
		assertThat(writers).allSatisfy((writer) -> assertThat(writer.join()).isPositive());
	}

	private static void assertGrows(List<Attempt> attempts) {
		logger.info("Attempts: " + attempts);
		assertThat(attempts).extracting(Attempt::maxStall)
			.startsWith(MAX_STALL)
			.isSortedAccordingTo(Comparator.naturalOrder())
			.allMatch((maxStall) -> maxStall.compareTo(LOCK_TIMEOUT) <= 0);
		Attempt last = attempts.get(attempts.size() - 1);
		assertThat(last.maxStall()).isGreaterThan(MAX_STALL);
		assertThat(last.outcome()).isEqualTo(Outcome.APPLIED);
		assertThat(attempts).filteredOn((attempt) -> attempt != last)
			.allMatch((attempt) -> attempt.outcome() == Outcome.STALL)
			.allMatch((attempt) -> !attempt.blockers().isEmpty());
	}

	/**
	 * Each in a transaction of 700 ms, and then in the next one.
	 */
	private static CompletableFuture<Integer> write(TestDatabase database, int order, AtomicBoolean done) {
		return CompletableFuture.supplyAsync(() -> {
			int transactions = 0;
			try (OtherSession session = OtherSession.open(database, "writer-" + order)) {
				session.execute("select pg_sleep(%f)".formatted(0.7 * order / WRITERS));
				for (; !done.get(); transactions++) {
					session.begin("update shop.orders set total = total + 1 where id = %d".formatted(order))
						.execute("select pg_sleep(0.7)")
						.commit();
				}
			}
			return transactions;
		}, (task) -> new Thread(task, "writer").start());
	}

	private static int openTransactions(TestDatabase database) {
		return database.superuser()
			.sql("select count(*) from pg_locks where relation = 'shop.orders'::regclass and mode = 'RowExclusiveLock'")
			.query(Integer.class)
			.single();
	}

}
