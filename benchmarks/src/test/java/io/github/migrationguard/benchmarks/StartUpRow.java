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
import java.util.List;

import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.StatementLog.Entry;

/**
 * Row 6: what a start costs.
 *
 * @author Migration Guard
 */
final class StartUpRow extends EngineRow {

	private static final int POOL = 2;

	private final Workload workload;

	StartUpRow(int changeSets) {
		super("6", "Start-up of one replica",
				"""
						A replica starts on an empty database with %,d change sets, each of which creates a table, and is ended \
						when its pool of two connections is full. Then it starts again, with nothing pending. Statements and \
						connections are those in the log of the server. The time goes from the start of the process to the \
						moment from which it accepts traffic, the processor time is that of the process until then."""
					.formatted(changeSets),
				Metric.againstStock("idle-statements", "nothing pending: statements", Unit.COUNT),
				Metric.againstStock("idle-connections", "connections", Unit.COUNT),
				Metric.againstStock("idle-wall", "time", Unit.SECONDS),
				Metric.againstStock("idle-cpu", "processor time", Unit.SECONDS),
				Metric.againstStock("pending-statements", "%,d pending: statements".formatted(changeSets), Unit.COUNT),
				Metric.againstStock("pending-connections", "connections", Unit.COUNT),
				Metric.againstStock("pending-wall", "time", Unit.SECONDS),
				Metric.againstStock("pending-cpu", "processor time", Unit.SECONDS));
		this.workload = Workload.ofTables(changeSets);
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		Observations observations = new Observations();
		observe(trial, "pending-", observations);
		observe(trial, "idle-", observations);
		return observations;
	}

	private void observe(Trial trial, String prefix, Observations observations) {
		int before = trial.database().statementLog().entries().size();
		Instant start = Instant.now();
		Replica replica = trial.start(this.workload, 1).get(0);
		if (!trial.awaitReady(replica, Trial.PATIENCE)) {
			throw new IllegalStateException(replica.toString());
		}
		Duration cpu = replica.process().info().totalCpuDuration().orElseThrow();
		Trial.require("full pool", () -> trial.database().sessions().size() == POOL);
		Profile.end(replica);
		Trial.require("empty pool", () -> trial.database().sessions().isEmpty());
		List<Entry> entries = trial.database().statementLog().entries();
		List<Entry> own = entries.subList(before, entries.size())
			.stream()
			.filter((entry) -> entry.role().equals(trial.database().username()))
			.toList();
		observations.add(prefix + "statements", own.stream().filter(Entry::isStatement).count())
			.add(prefix + "connections", own.stream().filter(Entry::isConnection).count())
			.add(prefix + "wall", Trial.seconds(start, Trial.readyAt(replica)))
			.add(prefix + "cpu", cpu.toNanos() / 1e9);
	}

}
