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
import java.time.Instant;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.migrationguard.benchmarks.Row.Repetition;
import io.github.migrationguard.benchmarks.RowResult.Measurement;

/**
 * Measures the rows, the engines taking turns, and writes results, charts and the page.
 * What was measured at the same commit is continued.
 *
 * @author Migration Guard
 */
public final class Benchmarks {

	private static final Path RESULTS = Path.of("results");

	private static final Path DOCS = Path.of("..", "docs");

	private static final String IMAGES = "images/benchmarks";

	private final Arguments arguments;

	private final Results results = new Results(RESULTS);

	private final Measurement measurement = Environment.measurement();

	/**
	 * The server ends with this JVM, so what is measured after a signal is nothing.
	 */
	private volatile boolean ending;

	private Benchmarks(Arguments arguments) {
		this.arguments = arguments;
		Runtime.getRuntime().addShutdownHook(new Thread(() -> this.ending = true));
	}

	/**
	 * Run the program.
	 * @param args {@code --rows=1,2 --repetitions=5 --engines=flyway --fresh}
	 */
	public static void main(String[] args) {
		Benchmarks benchmarks = new Benchmarks(Arguments.parse(args));
		for (Row row : Rows.all()) {
			if (benchmarks.arguments.includes(row) && !benchmarks.ending) {
				benchmarks.measure(row);
			}
		}
		benchmarks.report();
		System.exit(0);
	}

	private void measure(Row row) {
		RowResult result = begin(row);
		while (result.repetitions() < this.arguments.repetitions()) {
			Repetition repetition = new Repetition(result.repetitions(), this.arguments.repetitions());
			result = result.plus(measureAll(row, repetition));
			if (this.ending) {
				return;
			}
			this.results.write(row, result);
		}
	}

	private RowResult begin(Row row) {
		return this.results.read(row)
			.filter((result) -> !this.arguments.fresh())
			.filter((result) -> result.measurement().commit().equals(this.measurement.commit()))
			.orElseGet(() -> RowResult.empty(row, this.measurement));
	}

	private Map<String, Observations> measureAll(Row row, Repetition repetition) {
		Map<String, Observations> observations = new LinkedHashMap<>();
		for (Subject subject : row.subjects()) {
			if (this.arguments.includes(subject)) {
				measure(row, subject, repetition).ifPresent((observed) -> observations.put(subject.id(), observed));
			}
		}
		return observations;
	}

	/**
	 * What fails here and now is missing in the results, and does not end hours of work.
	 */
	private static Optional<Observations> measure(Row row, Subject subject, Repetition repetition) {
		Instant start = Instant.now();
		Object outcome = "interrupted";
		try {
			Observations observed = row.measure(subject, repetition);
			outcome = observed.values();
			return Optional.of(observed);
		}
		catch (Exception | AssertionError ex) {
			outcome = ex;
			ex.printStackTrace();
			return Optional.empty();
		}
		finally {
			System.out.printf("%tT row %s, repetition %d of %d, %s: %s in %.1f s%n", LocalTime.now(), row.id(),
					repetition.index() + 1, repetition.count(), subject.label(), outcome,
					Trial.seconds(start, Instant.now()));
		}
	}

	private void report() {
		ReportPage page = new ReportPage(IMAGES);
		for (Row row : List.copyOf(Rows.all())) {
			this.results.read(row).ifPresent((result) -> {
				new RowChart(row, result).write(DOCS.resolve(IMAGES).resolve("row-%s.svg".formatted(row.id())));
				page.add(row, result);
			});
		}
		page.write(DOCS.resolve("benchmarks.md"));
	}

}
