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

import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Replica;

/**
 * Row 2: how long waiters still wait when everything is there.
 *
 * @author Migration Guard
 */
final class HandoffRow extends EngineRow {

	private static final int WAITERS = 4;

	private static final Duration LIMIT = Duration.ofSeconds(90);

	/**
	 * The longest time between two questions of a waiter: that of stock Liquibase.
	 */
	private static final Duration LONGEST_POLL = Duration.ofSeconds(10);

	private static final Workload WORKLOAD = Workload.ofTables(3).gate("last");

	HandoffRow() {
		super("2", "Four replicas wait: from the last change to readiness", """
				One replica stands in the last change set, four more are started and wait for it. The time goes from \
				the commit of the last change set, as a trigger of the history table sees it by the clock of the \
				server, to the moment from which each waiter accepts traffic, as it logs it by the clock of the same \
				machine and as its readiness probe confirms. The change set ends at another moment within ten seconds \
				in each repetition, so that all phases of an interval between two questions are met.""",
				Metric.of("waiter", "a waiter is ready", Unit.SECONDS),
				Metric.of("last", "the last one is ready", Unit.SECONDS));
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		trial.logNoStatements();
		Ledger ledger = Ledger.install(trial.database());
		Ledger.Gate gate = ledger.close("last");
		List<Replica> waiters = Waiting.start(trial, WORKLOAD, WAITERS, gate::awaitArrival).waiters();
		Trial.pause(Duration.ofMillis(500 + (long) (LONGEST_POLL.toMillis() * repetition.fraction())));
		gate.open();
		List<Replica> ready = trial.awaitReady(waiters, LIMIT);
		Instant commit = ledger.lastCommit();
		Observations observations = new Observations();
		double last = 0;
		for (Replica waiter : ready) {
			double took = Trial.seconds(commit, Trial.readyAt(waiter));
			observations.add("waiter", took);
			last = Math.max(last, took);
		}
		return observations.add("last", (ready.size() == WAITERS) ? last : LIMIT.toSeconds());
	}

}
