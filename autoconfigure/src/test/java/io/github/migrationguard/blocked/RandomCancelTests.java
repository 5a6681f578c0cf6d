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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests for statements of a migration, of the tool and of the guard that are cancelled at
 * random moments. The system property {@code test.seed} chooses them.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class RandomCancelTests {

	private static final Log logger = LogFactory.getLog(RandomCancelTests.class);

	private static final Map<Tool, Integer> RUNS = Map.of(Tool.LIQUIBASE, 80, Tool.FLYWAY, 100);

	private static final long SEED = Long.getLong("test.seed", System.nanoTime());

	@TempDir
	private Path directory;

	@Test
	void leaveNoUnitAppliedButUnrecordedNorRecordedButUnapplied(TestDatabase database) {
		logger.info("The seed is " + SEED);
		CancelledRuns.prepare(database);
		CompletableFuture<?>[] runs = Stream.of(Tool.values())
			.map((tool) -> CompletableFuture.runAsync(() -> run(tool, database),
					(task) -> new Thread(task, "cancels of " + tool).start()))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(runs).join();
	}

	/**
	 * Both tools may run at the same time, for each has its own sessions and schemas.
	 */
	private void run(Tool tool, TestDatabase database) {
		for (boolean transactional : new boolean[] { true, false }) {
			try (CancelledRuns runs = new CancelledRuns(tool, transactional, database, this.directory, SEED)) {
				runs.run(RUNS.get(tool) / 2);
			}
		}
	}

}
