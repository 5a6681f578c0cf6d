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

package io.github.migrationguard.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what very many runs in one JVM leave behind: nothing that grows with their
 * number. {@code -Dmigration-guard.tests.runs=1000} makes it a thousand.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ConsecutiveRunsTests {

	private static final Log logger = LogFactory.getLog(ConsecutiveRunsTests.class);

	private static final int ROUNDS = Integer.getInteger("migration-guard.tests.runs", 30)
			/ ConsecutiveRuns.RUNS_OF_ROUND;

	private static final int WARM_UP = 2;

	/**
	 * Some hundred bytes a run are what the JVM itself remembers of code that it executes
	 * more often.
	 */
	private static final long BYTES_OF_RUN = 2048;

	private static final long BYTES_OF_JVM = 2 * 1024 * 1024;

	/**
	 * Such as accessors for methods that are often invoked by reflection.
	 */
	private static final int CLASSES_OF_JVM = 500;

	private static final Map<String, Integer> NOTHING_OF_CONNECTIONS = Map.of("ChangeLogHistoryServiceFactory.services",
			0, "LockServiceFactory.openLockServices", 0, "ExecutorService.executors", 0);

	@TempDir
	private Path directory;

	@Test
	void runsOfLiquibaseLeaveNothingBehind(TestDatabase database) throws IOException {
		Changelog older = Changelog.ofTables(1);
		assertNothingIsLeft(database,
				new ConsecutiveRuns(database, this.directory, older,
						Changelog.ofTables(2).gate("middle").changeSet("last", "create table last (id int)"),
						older.changeSet("broken", "select 1 / 0")));
	}

	@Test
	void runsOfFlywayLeaveNothingBehind(TestDatabase database) throws IOException {
		FlywayScripts older = FlywayScripts.ofTables(1);
		assertNothingIsLeft(database,
				new ConsecutiveRuns(database, this.directory, older,
						FlywayScripts.ofTables(2).gate("middle").versioned("last", "create table last (id int)"),
						older.versioned("broken", "select 1 / 0")));
	}

	private static void assertNothingIsLeft(TestDatabase database, ConsecutiveRuns runs) throws IOException {
		runs.execute(WARM_UP);
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
		Footprint before = Footprint.take();
		runs.execute(ROUNDS);
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
		assertThat(database.advisoryLocks()).isEmpty();
		Awaiting.await("no more threads")
			.untilAsserted(() -> assertThat(Footprint.take().threads()).isLessThanOrEqualTo(before.threads()));
		Footprint after = Footprint.take();
		logger.info("After %d more runs: %+d bytes of heap, %+d classes, %+d threads, registries %s, instances %s"
			.formatted(ROUNDS * ConsecutiveRuns.RUNS_OF_ROUND, after.heap() - before.heap(),
					after.classes() - before.classes(), after.threads() - before.threads(), after.registries(),
					after.moreThan(before, ROUNDS)));
		assertThat(after.registriesGrownSince(before)).isEmpty();
		assertThat(after.registries()).containsAllEntriesOf(NOTHING_OF_CONNECTIONS);
		Map<String, Long> grown = after.grownSince(before, ROUNDS - 1);
		if (!grown.isEmpty()) {
			dumpHeap();
		}
		assertThat(grown).isEmpty();
		assertThat(after.classes()).isLessThan(before.classes() + CLASSES_OF_JVM + ROUNDS);
		assertThat(after.heap() - before.heap())
			.isLessThan(BYTES_OF_JVM + ROUNDS * ConsecutiveRuns.RUNS_OF_ROUND * BYTES_OF_RUN);
	}

	/**
	 * What keeps the instances cannot be told afterwards.
	 */
	private static void dumpHeap() throws IOException {
		Path dump = Path.of("target", "consecutive-runs-%d.hprof".formatted(System.currentTimeMillis()));
		ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
		logger.info("What has grown is in " + dump.toAbsolutePath());
	}

}
