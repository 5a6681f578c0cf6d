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

import io.github.migrationguard.testsupport.Ledger;

/**
 * Row 4: CREATE INDEX CONCURRENTLY while others wait.
 *
 * @author Migration Guard
 */
final class ConcurrentIndexRow extends EngineRow {

	private static final int WAITERS = 2;

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final Workload WORKLOAD = Workload.ofTables(1)
		.changeSet("orders", "create table orders as select id from generate_series(1, 100000) id")
		.gate("before_index")
		.nonTransactional("index", "create index concurrently orders_id on orders (id)");

	ConcurrentIndexRow() {
		super("4", "CREATE INDEX CONCURRENTLY with waiters", """
				One replica stands before a change set that builds an index on 100,000 rows concurrently, two wait. \
				The time goes from there to the commit that records the change set; 20 s means that it was not \
				recorded by then. Then the catalog is asked whether the index is valid.""",
				Metric.of("took", "recorded", Unit.SECONDS), Metric.flaw("unfinished", "did not finish"),
				Metric.flaw("invalid", "index not valid"));
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		trial.logNoStatements();
		Ledger ledger = Ledger.install(trial.database());
		Ledger.Gate gate = ledger.close("before_index");
		Waiting.start(trial, WORKLOAD, WAITERS, gate::awaitArrival);
		gate.open();
		Instant start = Instant.now();
		int all = WORKLOAD.of(trial.engine().tool()).identifiers().size();
		boolean finished = Trial.await(LIMIT, () -> ledger.recorded().size() == all);
		return new Observations().add("took", finished ? Trial.seconds(start, ledger.lastCommit()) : LIMIT.toSeconds())
			.add("unfinished", finished ? 0 : 1)
			.add("invalid", isValid(trial, "orders_id") ? 0 : 1);
	}

	static boolean isValid(Trial trial, String index) {
		return trial.superuser()
			.sql("select indisvalid from pg_index where indexrelid = to_regclass(?)")
			.param("public." + index)
			.query(Boolean.class)
			.optional()
			.orElse(false);
	}

}
