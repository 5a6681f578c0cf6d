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

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What happens often, measured with JMH.
 *
 * @author Migration Guard
 */
final class InnerPathsRow extends GrowthRow {

	InnerPathsRow() {
		super("jmh", "Inner paths", """
				Measured with JMH in a process of its own: the average time after three seconds of warming up. A \
				handoff is the release of the lock in one session until another one holds it. The look is at 100 \
				applied change sets. The snapshot is what a status request reads of the guard. The gate filter is the \
				one that every request passes, when the gate is open. A connection is borrowed after the migrations \
				from a pool that was guarded until then.""",
				Stream.of(Path.values()).map((path) -> Subject.size(path.benchmark, path.label)).toList(),
				List.of(Metric.of("time", "time", Unit.MICROSECONDS)));
	}

	@Override
	public Observations measure(Subject subject, Repetition repetition) throws Exception {
		var options = new OptionsBuilder().include("\\." + subject.id().replace(".", "\\.") + "$")
			.mode(Mode.AverageTime)
			.timeUnit(TimeUnit.MICROSECONDS)
			.forks(1)
			.warmupIterations(3)
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(3)
			.measurementTime(TimeValue.seconds(1))
			.shouldFailOnError(true)
			.build();
		double score = new Runner(options).runSingle().getPrimaryResult().getScore();
		return new Observations().add("time", score);
	}

	/**
	 * What is measured.
	 */
	private enum Path {

		HANDOFF("HandoffBenchmark.handoff", "handoff between two sessions"),

		LIQUIBASE_LOOK("LookBenchmark.liquibase", "look, Liquibase"),

		FLYWAY_LOOK("LookBenchmark.flyway", "look, Flyway"),

		SNAPSHOT("StatusBenchmark.snapshot", "status snapshot"),

		GATE("GateFilterBenchmark.open", "gate filter, open"),

		PLAIN_BORROW("BorrowBenchmark.plain", "connection borrowed and given back, HikariCP alone"),

		GUARDED_BORROW("BorrowBenchmark.guarded", "connection borrowed and given back, guarded");

		private final String benchmark;

		private final String label;

		Path(String benchmark, String label) {
			this.benchmark = benchmark;
			this.label = label;
		}

	}

}
