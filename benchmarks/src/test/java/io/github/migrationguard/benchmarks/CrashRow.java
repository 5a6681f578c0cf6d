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

/**
 * Row 3: the migrating replica is killed.
 *
 * @author Migration Guard
 */
final class CrashRow extends EngineRow {

	private static final int WAITERS = 2;

	private static final int STATEMENT_SECONDS = 20;

	private static final Duration LIMIT = Duration.ofSeconds(45);

	private static final Workload WORKLOAD = Workload.ofTables(3)
		.changeSet("long_one", LongWork.sql(STATEMENT_SECONDS), "create table long_one (id int)");

	CrashRow() {
		super("3", "kill -9 of the migrating replica in a long statement",
				"""
						Three replicas, of which one executes a statement of 20 seconds while two wait. It is killed one second \
						after both wait. The time goes from there to the readiness of the first of the other two, for whom the \
						statement takes no time; 45 s means that none was ready by then. The statement takes an advisory lock \
						of its transaction: who executes it while the session of another one still does is counted in a \
						sequence of the database.""",
				Metric.of("takeover", "another one is ready", Unit.SECONDS),
				Metric.flaw("overlaps", "two sessions executed at once"));
	}

	@Override
	Observations measure(Trial trial, Repetition repetition) {
		trial.logNoStatements();
		LongWork work = LongWork.install(trial);
		Waiting waiting = Waiting.start(trial, WORKLOAD, WAITERS, work::awaitExecuting);
		Trial.pause(Duration.ofSeconds(1));
		waiting.migrating().kill9();
		Instant killed = Instant.now();
		List<Replica> others = waiting.waiters();
		boolean ready = Trial.await(LIMIT, () -> others.stream().anyMatch(Trial::isReady));
		Observations observations = new Observations().add("overlaps", work.overlaps());
		return observations.add("takeover", ready ? Trial.seconds(killed, firstReady(others)) : LIMIT.toSeconds());
	}

	private static Instant firstReady(List<Replica> replicas) {
		return replicas.stream().filter(Trial::isReady).map(Trial::readyAt).min(Instant::compareTo).orElseThrow();
	}

}
