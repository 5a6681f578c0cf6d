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

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Replica;

/**
 * Rows 1, 2 and 4 in one: replicas on an empty database, of which one builds an index
 * while the others wait.
 *
 * @author Migration Guard
 */
final class RolloutRow extends EngineRow {

	private static final int REPLICAS = 3;

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final Workload WORKLOAD = Workload.ofTables(3)
		.gate("before_index")
		.nonTransactional("index", "create index concurrently table_1_id on table_1 (id)");

	RolloutRow() {
		super("rollout", "Rollout", "", Metric.of("ready", "all ready", Unit.SECONDS),
				Metric.of("waiter", "a waiter is ready", Unit.SECONDS), Metric.flaw("failed", "replicas that failed"),
				Metric.flaw("invalid", "index not valid"));
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		trial.logNoStatements();
		Ledger ledger = Ledger.install(trial.database());
		Ledger.Gate gate = ledger.close("before_index");
		Instant start = Instant.now();
		List<Replica> replicas = trial.start(WORKLOAD, REPLICAS);
		Replica migrating = Waiting.migrating(trial, replicas, gate.awaitArrival());
		Waiting.awaitAllButOne(trial, replicas);
		gate.open();
		List<Replica> ready = trial.awaitReady(replicas, LIMIT);
		Observations observations = new Observations().add("failed", REPLICAS - ready.size())
			.add("invalid", ConcurrentIndexRow.isValid(trial, "table_1_id") ? 0 : 1);
		Instant commit = ledger.lastCommit();
		ready.stream()
			.filter((replica) -> replica != migrating)
			.forEach((replica) -> observations.add("waiter", Trial.seconds(commit, Trial.readyAt(replica))));
		ready.stream()
			.map(Trial::readyAt)
			.max(Comparator.naturalOrder())
			.ifPresent((last) -> observations.add("ready", Trial.seconds(start, last)));
		return observations;
	}

}
