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
import java.util.List;

import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.ReadLoad;
import io.github.migrationguard.testsupport.ReadLoad.Read;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Stalls;
import io.github.migrationguard.testsupport.TestDatabase;

/**
 * Row 5: what the readers of a table feel.
 *
 * @author Migration Guard
 */
final class ForgottenTransactionRow extends EngineRow {

	private static final Workload WORKLOAD = Workload.ofTables(1)
		.changeSet("total", "alter table shop.orders add column total int");

	private static final double SLOW_SECONDS = 0.1;

	private final Duration blocked;

	ForgottenTransactionRow(Duration blocked) {
		super("5", "A forgotten transaction on the table, eight readers",
				"""
						A session has read from a table and left its transaction open. Eight sessions read from that table, \
						together 80 times a second. One replica starts, whose change set adds a column to it. The forgotten \
						transaction ends %d seconds after the first statement waits for it. Stalls are the times during which \
						reads took more than 100 ms longer than reads of another table at the same time."""
					.formatted(blocked.toSeconds()),
				Metric.of("longest", "longest stall", Unit.SECONDS), Metric.of("stalls", "stalls", Unit.COUNT),
				Metric.of("slow", "reads over 100 ms", Unit.COUNT),
				Metric.of("total", "slow time of all reads", Unit.SECONDS));
		this.blocked = blocked;
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) throws Exception {
		trial.logNoStatements();
		createTables(trial.database());
		try (ReadLoad readers = ReadLoad.start(trial.database(), "shop.orders", 8, 80);
				ReadLoad control = ReadLoad.start(trial.database(), "shop.control", 4, 40);
				OtherSession forgotten = OtherSession.open(trial.database(), "nightly-report")) {
			forgotten.begin("select count(*) from shop.orders");
			Replica replica = trial.start(WORKLOAD, 1).get(0);
			Trial.require("statement that waits", () -> isBlocked(trial));
			Trial.pause(this.blocked);
			forgotten.commit();
			if (!trial.awaitReady(replica, Trial.PATIENCE)) {
				throw new IllegalStateException(replica.toString());
			}
			return observe(readers.stop(), control.stop());
		}
	}

	private static Observations observe(List<Read> reads, List<Read> control) {
		Stalls stalls = Stalls.of(reads, control);
		double[] slow = reads.stream()
			.mapToDouble((read) -> read.took() / 1e9)
			.filter((took) -> took > SLOW_SECONDS)
			.toArray();
		return new Observations().add("longest", stalls.longest().toMillis() / 1e3)
			.add("stalls", stalls.episodes().size())
			.add("slow", slow.length)
			.add("total", java.util.stream.DoubleStream.of(slow).sum());
	}

	private static void createTables(TestDatabase database) {
		database.client().sql("create schema shop").update();
		for (String table : List.of("orders", "control")) {
			database.client()
				.sql("create table shop.%s as select id from generate_series(1, 100) id".formatted(table))
				.update();
		}
	}

	private static boolean isBlocked(Trial trial) {
		return trial.superuser()
			.sql("""
					select exists (select from pg_locks where not granted
					and relation = 'shop.orders'::regclass and mode = 'AccessExclusiveLock')""")
			.query(Boolean.class)
			.single();
	}

}
