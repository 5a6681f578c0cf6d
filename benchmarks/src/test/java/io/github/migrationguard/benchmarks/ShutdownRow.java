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
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Replica;

/**
 * Row 7: SIGTERM.
 *
 * @author Migration Guard
 */
final class ShutdownRow extends EngineRow {

	private static final int WAITERS = 2;

	private static final int STATEMENT_SECONDS = 15;

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Workload WORKLOAD = Workload.ofTables(3)
		.changeSet("long_one", LongWork.sql(STATEMENT_SECONDS), "create table long_one (id int)");

	ShutdownRow() {
		super("7", "SIGTERM to a waiting and to a migrating replica", """
				Three replicas, of which one executes a statement of 15 seconds while two wait. SIGTERM is sent to one \
				that waits and, a second later, to the one that migrates. The times go from the signal to the end \
				of the process; Migration Guard lets a migration finish within its grace period of 20 seconds. Left \
				behind is a session that still executes the statement after that, and a lock that keeps the third \
				replica waiting: the last time goes from there to its readiness, and 30 s means that it was not ready \
				by then.""", Metric.of("waiter", "waiting one gone", Unit.SECONDS),
				Metric.of("migrating", "migrating one gone", Unit.SECONDS),
				Metric.flaw("orphans", "sessions left behind"), Metric.of("next", "next one ready", Unit.SECONDS));
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		trial.logNoStatements();
		LongWork work = LongWork.install(trial);
		Waiting waiting = Waiting.start(trial, WORKLOAD, WAITERS, work::awaitExecuting);
		Signalled waiter = Signalled.send(waiting.waiters().get(0));
		Trial.pause(Duration.ofSeconds(1));
		Signalled migrator = Signalled.send(waiting.migrating());
		Observations observations = new Observations().add("migrating", migrator.awaitGone());
		Instant gone = Instant.now();
		observations.add("orphans", work.executing()).add("waiter", waiter.awaitGone());
		Replica next = waiting.waiters().get(1);
		boolean ready = trial.awaitReady(next, LIMIT);
		return observations.add("next",
				ready ? Math.max(0, Trial.seconds(gone, Trial.readyAt(next))) : LIMIT.toSeconds());
	}

	/**
	 * A replica that has got the signal.
	 */
	private record Signalled(Instant at, CompletableFuture<Instant> gone) {

		private static Signalled send(Replica replica) {
			CompletableFuture<Instant> gone = replica.process().onExit().thenApply((process) -> Instant.now());
			Instant at = Instant.now();
			replica.sigterm();
			return new Signalled(at, gone);
		}

		private double awaitGone() {
			return Trial.await(LIMIT, this.gone::isDone) ? Trial.seconds(this.at, this.gone.join()) : LIMIT.toSeconds();
		}

	}

}
