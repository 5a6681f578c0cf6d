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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.core.io.ClassPathResource;

/**
 * The page of the documentation with all results.
 *
 * @author Migration Guard
 */
final class ReportPage {

	private final StringBuilder page = new StringBuilder();

	private final String images;

	/**
	 * Begin a page.
	 * @param images the directory of the charts as the page links it
	 */
	ReportPage(String images) {
		this.images = images;
		this.page.append(introduction());
	}

	private static String introduction() {
		try {
			return new ClassPathResource("introduction.md", ReportPage.class)
				.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	ReportPage add(Row row, RowResult result) {
		this.page.append("\n## %s\n\n%s\n\n".formatted(row.title(), row.how()));
		this.page.append("![%s](%s/row-%s.svg)\n\n".formatted(row.title(), this.images, row.id()));
		this.page.append(table(row, result));
		this.page.append("\nRepetitions: %d. Measured on %s at commit %s: %s.\n".formatted(result.repetitions(),
				result.measurement().date(), result.measurement().commit(),
				describe(result.measurement().environment())));
		return this;
	}

	private static String describe(Map<String, String> environment) {
		return environment.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " " + entry.getValue())
			.collect(Collectors.joining(", "));
	}

	private static String table(Row row, RowResult result) {
		List<String> lines = new ArrayList<>();
		lines.add(line(Stream.concat(Stream.of(""), row.metrics().stream().map(Metric::label))));
		lines.add(line(Stream.concat(Stream.of("---"), row.metrics().stream().map((metric) -> "---:"))));
		for (Subject subject : row.subjects()) {
			lines.add(line(Stream.concat(Stream.of(subject.label()),
					row.metrics().stream().map((metric) -> cell(row, result, subject, metric)))));
		}
		return String.join("", lines);
	}

	private static String line(Stream<String> cells) {
		return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
	}

	private static String cell(Row row, RowResult result, Subject subject, Metric metric) {
		return result.sample(subject, metric)
			.map((sample) -> format(sample, metric.unit()) + format(result.ratio(row, subject, metric), metric))
			.orElse("");
	}

	private static String format(Sample sample, Unit unit) {
		String median = unit.formatWithSymbol(sample.median());
		return (sample.min() == sample.max()) ? median
				: "%s (%s–%s)".formatted(median, unit.format(sample.min()), unit.format(sample.max()));
	}

	private static String format(OptionalDouble ratio, Metric metric) {
		return ratio.isPresent()
				? String.format(Locale.ROOT, "<br>%.2f x %s", ratio.getAsDouble(), metric.comparison().label()) : "";
	}

	void write(Path file) {
		try {
			Files.writeString(file, this.page);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return this.page.toString();
	}

}
