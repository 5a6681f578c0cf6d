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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import io.github.migrationguard.benchmarks.Row.Repetition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Short form of the benchmarks: what they prove is still there, and no ratio to a peer is
 * three times worse than the one in the results.
 *
 * @author Migration Guard
 */
@EnabledOnOs(OS.LINUX)
class ShortBenchmarksTests {

	private static final Log logger = LogFactory.getLog(ShortBenchmarksTests.class);

	private static final double FAR_OFF = 3;

	private static final Repetition ONCE = new Repetition(0, 1);

	private static final Results results = new Results(Path.of("results"));

	@Test
	void replicasOfARolloutBuildAnIndexAndLeaveTogether() throws Exception {
		Row row = new RolloutRow();
		RowResult result = measure(row, Engine.FLYWAY_SESSION_LOCK, Engine.GUARDED_FLYWAY, Engine.GUARDED_LIQUIBASE);
		for (Engine engine : List.of(Engine.GUARDED_FLYWAY, Engine.GUARDED_LIQUIBASE)) {
			assertThat(values(result, engine, "failed")).as("replicas that failed").containsOnly(0.0);
			assertThat(values(result, engine, "invalid")).as("indexes that are not valid").containsOnly(0.0);
			assertNotFarOff(row, result, engine, "ready", new EmptyDatabaseRow());
			assertNotFarOff(row, result, engine, "waiter", new HandoffRow());
		}
	}

	@Test
	void readersStallOnceBehindForgottenTransaction() throws Exception {
		Row row = new ForgottenTransactionRow(Duration.ofSeconds(2));
		RowResult result = measure(row, Engine.FLYWAY, Engine.GUARDED_FLYWAY);
		assertThat(values(result, Engine.GUARDED_FLYWAY, "stalls")).allMatch((stalls) -> stalls <= 2);
		// The longest stall of a peer is as long as the transaction, which is shorter
		// here
		assertThat(ratio(row, result, Engine.GUARDED_FLYWAY, "longest")).isLessThan(1);
	}

	@Test
	void startWithNothingPendingSendsNoStatementMoreThanStock() throws Exception {
		Row row = new StartUpRow(10);
		RowResult result = measure(row, Engine.FLYWAY, Engine.GUARDED_FLYWAY);
		for (String metric : List.of("idle-statements", "idle-connections")) {
			assertThat(values(result, Engine.GUARDED_FLYWAY, metric).get(0)).as(metric)
				.isLessThanOrEqualTo(values(result, Engine.FLYWAY, metric).get(0));
		}
		assertNotFarOff(row, result, Engine.GUARDED_FLYWAY, "idle-wall", new StartUpRow(500));
		assertNotFarOff(row, result, Engine.GUARDED_FLYWAY, "pending-wall", new StartUpRow(500));
	}

	private static RowResult measure(Row row, Engine... engines) throws Exception {
		Map<String, Observations> observations = new LinkedHashMap<>();
		for (Engine engine : engines) {
			Observations observed = row.measure(engine.subject(), ONCE);
			logger.info("%s: %s".formatted(engine, observed.values()));
			observations.put(engine.subject().id(), observed);
		}
		return RowResult.empty(row, Environment.measurement()).plus(observations);
	}

	private static List<Double> values(RowResult result, Engine engine, String metric) {
		return result.values().get(engine.subject().id()).get(metric);
	}

	private static double ratio(Row row, RowResult result, Engine engine, String metric) {
		return result.ratio(row, engine.subject(), metric(row, metric)).orElse(0);
	}

	private static void assertNotFarOff(Row row, RowResult result, Engine engine, String metric, Row measured) {
		OptionalDouble before = results.read(measured)
			.map((reference) -> reference.ratio(measured, engine.subject(), metric(measured, metric)))
			.orElse(OptionalDouble.empty());
		assertThat(before).as("ratio of %s in the results of row %s", metric, measured.id()).isPresent();
		assertThat(ratio(row, result, engine, metric)).as("ratio of %s of %s", metric, engine)
			.isLessThan(FAR_OFF * before.getAsDouble());
	}

	private static Metric metric(Row row, String id) {
		return Stream.of(row.metrics())
			.flatMap(List::stream)
			.filter((metric) -> metric.id().equals(id))
			.findFirst()
			.orElseThrow();
	}

}
