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
 * Row 1: replicas that start together on an empty database.
 *
 * @author Migration Guard
 */
final class EmptyDatabaseRow extends EngineRow {

	private static final int REPLICAS = 4;

	private static final Duration LIMIT = Duration.ofSeconds(120);

	private static final Workload WORKLOAD = Workload.ofTables(10)
		.changeSet("backfill", "create table backfill (id int)", "select pg_sleep(2)");

	EmptyDatabaseRow() {
		super("1", "Four replicas at once on an empty database",
				"""
						Four processes are started one right after the other. Eleven change sets are pending, one of them takes \
						two seconds. The time goes from the start of the first process to the readiness of the last replica \
						that did not fail. Failed is a replica whose process ended. Event triggers of the database refuse a \
						second session that executes DDL at the same time.""",
				Metric.of("ready", "all ready", Unit.SECONDS), Metric.flaw("failed", "replicas that failed"));
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		trial.logNoStatements();
		Ledger.install(trial.database());
		Instant start = Instant.now();
		List<Replica> replicas = trial.start(WORKLOAD, REPLICAS);
		List<Replica> ready = trial.awaitReady(replicas, LIMIT);
		Observations observations = new Observations().add("failed", REPLICAS - ready.size());
		ready.stream()
			.map(Trial::readyAt)
			.max(Comparator.naturalOrder())
			.ifPresent((last) -> observations.add("ready", Trial.seconds(start, last)));
		return observations;
	}

}
