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
import java.sql.Connection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.migrationguard.Migrator;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Row 8: change sets.
 *
 * @author Migration Guard
 */
final class ChangeSetsRow extends GrowthRow {

	private static final int WARM_UP = 5;

	private static final int LOOKS = 10;

	private static final int REQUESTS = 50;

	ChangeSetsRow(int... counts) {
		super("8-changesets", "Growth: change sets", """
				All change sets are applied. A look is the one of the guard on an open connection, the median of ten \
				after five others, so that the JVM is warm; at the start of a replica it is slower, as all of Java is. \
				A status request is GET /actuator/migrations to a replica over HTTP on the same machine, the median of \
				fifty after fifty others.""",
				Stream.of(Engine.GUARDED_LIQUIBASE, Engine.GUARDED_FLYWAY)
					.flatMap((engine) -> IntStream.of(counts).mapToObj((count) -> subject(engine, count)))
					.toList(),
				List.of(Metric.of("look", "a look", Unit.MILLISECONDS),
						Metric.of("look-each", "a look, for 1,000 change sets", Unit.MILLISECONDS),
						Metric.of("status", "a status request", Unit.MILLISECONDS)));
	}

	private static Subject subject(Engine engine, int count) {
		return Subject.size(count + "-" + engine.subject().tool(),
				"%,d change sets, %s".formatted(count, engine.subject().label().replaceAll(".*, ", "")));
	}

	@Override
	public Observations measure(Subject subject, Repetition repetition) throws Exception {
		Engine engine = subject.id().endsWith("-flyway") ? Engine.GUARDED_FLYWAY : Engine.GUARDED_LIQUIBASE;
		Workload workload = Workload.ofTables(size(subject));
		Migrations migrations = workload.of(engine.tool());
		ClassArchive.jvmOption(engine);
		try (Trial trial = new Trial(engine, "row-8")) {
			trial.logNoStatements();
			Path directory = trial.install(migrations);
			AppliedHistory.write(trial, directory, migrations);
			double look = look(trial, directory);
			Replica replica = trial.start(workload, 1).get(0);
			if (!trial.awaitReady(replica, Trial.PATIENCE)) {
				throw new IllegalStateException(replica.toString());
			}
			return new Observations().add("look", look)
				.add("look-each", look * 1000 / size(subject))
				.add("status", status(replica));
		}
	}

	private static double look(Trial trial, Path directory) throws Exception {
		Migrator migrator = AppliedHistory.migrator(trial, directory);
		try (SingleConnectionDataSource dataSource = AppliedHistory.openConnection(trial)) {
			Connection connection = dataSource.getConnection();
			return medianMillis(() -> {
				if (!migrator.look(connection).isUpToDate()) {
					throw new IllegalStateException("Something is pending");
				}
			}, WARM_UP, LOOKS);
		}
	}

	private static double status(Replica replica) throws Exception {
		return medianMillis(() -> {
			if (replica.actuator("/migrations").statusCode() != 200) {
				throw new IllegalStateException(replica.toString());
			}
		}, REQUESTS, REQUESTS);
	}

	private static double medianMillis(Action action, int warmUp, int count) throws Exception {
		List<Double> times = new java.util.ArrayList<>();
		for (int i = 0; i < warmUp + count; i++) {
			long start = System.nanoTime();
			action.run();
			if (i >= warmUp) {
				times.add((System.nanoTime() - start) / 1e6);
			}
		}
		return Sample.of(times).median();
	}

	/**
	 * What is timed.
	 */
	private interface Action {

		void run() throws Exception;

	}

}
