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

package io.github.migrationguard.sample.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Summary}.
 *
 * @author Migration Guard
 */
class SummaryTests {

	private static final Instant STARTED = Snapshots.NOW;

	private static final Instant LAST_CHANGE = STARTED.plusMillis(12_000);

	@Test
	void everyReplicaTellsWhatItDidAndWhenItGotReady() {
		assertThat(summary(migrated(), waited())).isEqualTo("""

				All 2 replicas are ready.

				REPLICA    DID                       READY AFTER  AFTER THE LAST CHANGE
				orders-1   applied 8 change sets     12.4 s       0.4 s
				orders-3   waited 11.3 s             12.2 s       0.2 s
				""");
	}

	@Test
	void unitsAreCalledAsTheToolCallsThem() {
		assertThat(Summary.lines(Tool.FLYWAY, List.of(migrated()), LAST_CHANGE, 0)).last()
			.asString()
			.contains("applied 8 migrations  ");
	}

	@Test
	void whatWasAppliedBeforeDoesNotCount() {
		assertThat(Summary.lines(Tool.LIQUIBASE, List.of(migrated()), LAST_CHANGE, 7)).last()
			.asString()
			.contains("applied 1 change sets  ");
	}

	@Test
	void failedReplicaIsCounted() {
		assertThat(summary(migrated(), failed())).contains("1 of 2 replicas failed.").contains("orders-4   exited 1");
	}

	@Test
	void replicaThatFoundEverythingDoneDidNothing() {
		ReplicaSnapshot ready = Snapshots.starting().answered(200, null);
		assertThat(summary(new ReplicaOutcome(ready, false, STARTED, LAST_CHANGE.plusMillis(100))))
			.contains("orders-4   nothing  ");
	}

	@Test
	void withoutChangeThereIsNothingToBeLateFor() {
		assertThat(Summary.lines(Tool.LIQUIBASE, List.of(waited()), null, 0)).last()
			.isEqualTo(" orders-3   waited 11.3 s             12.2 s");
	}

	@Test
	void endOfLogIsShown(@TempDir Path directory) throws IOException {
		Path log = directory.resolve("orders-4.log");
		Files.write(log, IntStream.rangeClosed(1, 50).mapToObj((number) -> "line " + number).toList());
		assertThat(Summary.endOf(log)).hasSize(23)
			.startsWith("", " The end of %s:".formatted(log), "", "   line 31")
			.endsWith("   line 50");
	}

	private String summary(ReplicaOutcome... outcomes) {
		return String.join("\n", Summary.lines(Tool.LIQUIBASE, List.of(outcomes), LAST_CHANGE, 0)).stripIndent() + "\n";
	}

	private ReplicaOutcome migrated() {
		return new ReplicaOutcome(Snapshots.migrating(), true, STARTED, LAST_CHANGE.plusMillis(400));
	}

	private ReplicaOutcome waited() {
		return new ReplicaOutcome(Snapshots.ready(), false, STARTED, LAST_CHANGE.plusMillis(200));
	}

	private ReplicaOutcome failed() {
		return new ReplicaOutcome(Snapshots.exited(), false, STARTED, null);
	}

}
