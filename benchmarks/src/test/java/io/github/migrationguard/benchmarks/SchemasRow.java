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

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.StatementLog.Entry;

/**
 * Row 8: schemas of tenants.
 *
 * @author Migration Guard
 */
final class SchemasRow extends GrowthRow {

	private static final Workload WORKLOAD = Workload.ofTables(3);

	SchemasRow(int... counts) {
		super("8-schemas", "Growth: schemas", """
				A MultiTenantSpringLiquibase bean with a schema for each tenant, three change sets each. Once all are \
				applied, a replica of stock Spring Boot and one with Migration Guard start one after the other, with \
				nothing pending. The time goes from the start of the process to readiness.""",
				Stream.of(Engine.LIQUIBASE, Engine.GUARDED_LIQUIBASE)
					.flatMap((engine) -> IntStream.of(counts).mapToObj((count) -> subject(engine, count)))
					.toList(),
				List.of(Metric.againstStock("wall", "ready", Unit.SECONDS),
						Metric.againstStock("statements", "statements", Unit.COUNT)));
	}

	private static Subject subject(Engine engine, int count) {
		return new Subject(count + "-" + engine.subject().id(),
				"Schemas: %d, %s".formatted(count, engine.subject().label()), engine.subject().kind(),
				Integer.toString(count));
	}

	@Override
	public Observations measure(Subject subject, Repetition repetition) {
		Engine engine = subject.id().endsWith(Engine.GUARDED_LIQUIBASE.subject().id()) ? Engine.GUARDED_LIQUIBASE
				: Engine.LIQUIBASE;
		ClassArchive.jvmOption(engine);
		try (Trial trial = new Trial(engine, "row-8")) {
			List<String> schemas = IntStream.rangeClosed(1, size(subject))
				.mapToObj((number) -> "tenant_" + number)
				.toList();
			trial.database()
				.client()
				.sql(schemas.stream().map((schema) -> "create schema " + schema).collect(Collectors.joining(";")))
				.update();
			start(trial, schemas, new Observations());
			Observations observations = new Observations();
			start(trial, schemas, observations);
			return observations;
		}
	}

	private static void start(Trial trial, List<String> schemas, Observations observations) {
		Instant start = Instant.now();
		ReplicaBuilder builder = trial.archived(WORKLOAD)
			.property("service.tenants", String.join(",", schemas))
			.property("spring.liquibase.enabled", false);
		Replica replica = builder.start();
		if (!trial.awaitReady(replica, Trial.PATIENCE)) {
			throw new IllegalStateException(replica.toString());
		}
		replica.kill9();
		replica.awaitExit();
		long statements = trial.database()
			.statementLog()
			.entries()
			.stream()
			.filter((entry) -> entry.at().isAfter(start))
			.filter(Entry::isStatement)
			.count();
		observations.add("wall", Trial.seconds(start, Trial.readyAt(replica))).add("statements", statements);
	}

}
