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

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PlainScreen}.
 *
 * @author Migration Guard
 */
class PlainScreenTests {

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final PlainScreen screen = new PlainScreen(new PrintStream(this.output, true, StandardCharsets.UTF_8));

	@Test
	void onlyChangesArePrinted() {
		show(1, Snapshots.starting());
		show(2, Snapshots.starting());
		show(3, Snapshots.exited());
		assertThat(printed()).containsExactly("  1.0 s  replicas start", "  1.0 s  orders-4  STARTING, port 8084",
				"  3.0 s  orders-4  EXITED 1, port 8084");
	}

	@Test
	void lineTellsStateHolderProgressAndReadiness() {
		show(7, Snapshots.waiting());
		assertThat(printed()).last()
			.isEqualTo(
					"  7.0 s  orders-2  WAITING, lock held by orders-1 (4242), 8/12 applied, readiness 503, port 8082");
	}

	@Test
	void passingTimeIsNoChange() {
		show(1, Snapshots.waiting(Duration.ofSeconds(1)));
		show(2, Snapshots.waiting(Duration.ofSeconds(2)));
		assertThat(printed()).hasSize(2);
	}

	@Test
	void blockerIsPrintedWhenItComesAndWhenItIsGone() {
		show(1, Snapshots.starting());
		show(2, Snapshots.backingOff(Duration.ofSeconds(1)));
		show(3, Snapshots.backingOff(Duration.ofSeconds(2)));
		show(4, Snapshots.migrating());
		assertThat(printed()).filteredOn((line) -> line.contains("blocker"))
			.containsExactly("  2.0 s  blocker  psql (pid 999), IDLE_IN_TRANSACTION, holds AccessShareLock on orders",
					"  4.0 s  blocker  none any more");
	}

	private void show(int seconds, ReplicaSnapshot replica) {
		this.screen.show(new Frame("replicas start", Snapshots.NOW, Duration.ofSeconds(seconds), Path.of("logs"),
				List.of(replica), null));
	}

	private List<String> printed() {
		return this.output.toString(StandardCharsets.UTF_8).lines().toList();
	}

}
