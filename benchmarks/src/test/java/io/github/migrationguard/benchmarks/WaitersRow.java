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

package io.github.migrationguard.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.StatementLog.Entry;

/**
 * Row 8: waiters.
 *
 * @author Migration Guard
 */
final class WaitersRow extends GrowthRow {

	private static final Duration WATCHED = Duration.ofSeconds(10);

	private static final Workload WORKLOAD = Workload.ofTables(3).gate("last");

	WaitersRow(int... counts) {
		super("8-waiters", "Growth: waiters",
				"""
						One instance stands in the last migration (Flyway), the others wait for it, all of them in one process: \
						each with its guard, its thread and its session, as a replica of its own would have. Statements are \
						those of waiters in the log of the server during ten seconds. The time to be through goes from the \
						commit of the last migration to the return of the last waiter, which has looked for itself. Threads \
						and memory (heap in use after a collection) are what the waiters add to the process.""",
				IntStream.of(counts)
					.mapToObj((count) -> Subject.size(count + "-waiters", "Waiters: %d".formatted(count)))
					.toList(),
				List.of(Metric.of("through", "all through after the last commit", Unit.SECONDS),
						Metric.of("statements", "statements a second and waiter", Unit.RATE),
						Metric.of("threads", "threads a waiter", Unit.COUNT),
						Metric.of("heap", "heap a waiter", Unit.KILOBYTES)));
	}

	@Override
	public Observations measure(Subject subject, Repetition repetition) throws Exception {
		int count = size(subject);
		try (Trial trial = new Trial(Engine.GUARDED_FLYWAY, "row-8")) {
			Ledger ledger = Ledger.install(trial.database());
			Ledger.Gate gate = ledger.close("last");
			Path directory = trial.install(WORKLOAD.of(MigrationTool.FLYWAY));
			Instance holder = Instance.create(trial, directory, "holder").start();
			gate.awaitArrival();
			List<Instance> waiters = IntStream.rangeClosed(1, count)
				.mapToObj((number) -> Instance.create(trial, directory, "waiter-" + number))
				.toList();
			Footprint before = Footprint.take();
			waiters.forEach(Instance::start);
			Trial.require(count + " waiters", () -> waiters.stream().allMatch(Instance::isWaiting));
			Footprint after = Footprint.take();
			Observations observations = new Observations()
				.add("threads", (after.threads() - before.threads()) / (double) count)
				.add("heap", (after.heap() - before.heap()) / 1024.0 / count)
				.add("statements", statementsPerSecond(trial) / count);
			gate.open();
			waiters.forEach(Instance::awaitEnd);
			Instant last = waiters.stream().map(Instance::endedAt).max(Instant::compareTo).orElseThrow();
			holder.awaitEnd();
			return observations.add("through", Trial.seconds(ledger.lastCommit(), last));
		}
	}

	private static double statementsPerSecond(Trial trial) {
		Instant start = Instant.now();
		Trial.pause(WATCHED);
		Instant end = Instant.now();
		long statements = trial.database()
			.statementLog()
			.statements()
			.stream()
			.filter((entry) -> entry.application().startsWith("mg:W"))
			.map(Entry::at)
			.filter((at) -> at.isAfter(start) && at.isBefore(end))
			.count();
		return statements / Trial.seconds(start, end);
	}

}
