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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * All values that were measured for a row, by subject and metric.
 *
 * @author Migration Guard
 * @param row the id of the row
 * @param title its title
 * @param measurement when and where it was measured
 * @param repetitions how often
 * @param values the values
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RowResult(String row, String title, Measurement measurement, int repetitions,
		Map<String, Map<String, List<Double>>> values) {

	static RowResult empty(Row row, Measurement measurement) {
		return new RowResult(row.id(), row.title(), measurement, 0, Map.of());
	}

	/**
	 * Add one repetition.
	 * @param observations what was seen, by the id of the subject
	 */
	RowResult plus(Map<String, Observations> observations) {
		Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>(this.values);
		observations.forEach((subject, observed) -> values.merge(subject, observed.values(), RowResult::merge));
		return new RowResult(this.row, this.title, this.measurement, this.repetitions + 1, values);
	}

	private static Map<String, List<Double>> merge(Map<String, List<Double>> first, Map<String, List<Double>> second) {
		return new Observations().addAll(first).addAll(second).values();
	}

	Optional<Sample> sample(Subject subject, Metric metric) {
		List<Double> values = this.values.getOrDefault(subject.id(), Map.of()).getOrDefault(metric.id(), List.of());
		return values.isEmpty() ? Optional.empty() : Optional.of(Sample.of(values));
	}

	/**
	 * Return how a guarded engine compares with those it is compared with: below 1 it is
	 * better than the best of them that has no flaw.
	 * @param row the row
	 * @param subject the guarded engine
	 * @param metric the figure
	 * @return the ratio of the medians, if there is anything to divide by
	 */
	OptionalDouble ratio(Row row, Subject subject, Metric metric) {
		Optional<Sample> own = sample(subject, metric);
		OptionalDouble best = row.subjects()
			.stream()
			.filter((other) -> other.isPeerOf(subject, metric.comparison()) && (metric.flaw() || !isFlawed(row, other)))
			.flatMap((other) -> sample(other, metric).stream())
			.mapToDouble(Sample::median)
			.min();
		if (own.isEmpty() || best.isEmpty() || best.getAsDouble() == 0) {
			return OptionalDouble.empty();
		}
		return OptionalDouble.of(own.get().median() / best.getAsDouble());
	}

	private boolean isFlawed(Row row, Subject subject) {
		return row.metrics()
			.stream()
			.filter(Metric::flaw)
			.flatMap((flaw) -> sample(subject, flaw).stream())
			.anyMatch((sample) -> sample.max() > 0);
	}

	/**
	 * Return the summary for readers of the file.
	 * @param row the row
	 */
	Map<String, Map<String, Summary>> summarize(Row row) {
		Map<String, Map<String, Summary>> summaries = new LinkedHashMap<>();
		for (Subject subject : row.subjects()) {
			Map<String, Summary> metrics = new LinkedHashMap<>();
			for (Metric metric : row.metrics()) {
				sample(subject, metric)
					.ifPresent((sample) -> metrics.put(metric.id(), Summary.of(sample, ratio(row, subject, metric))));
			}
			summaries.put(subject.id(), metrics);
		}
		return summaries;
	}

	/**
	 * When and where something was measured.
	 *
	 * @param date the day
	 * @param commit the commit of this project
	 * @param environment machine and versions
	 */
	record Measurement(String date, String commit, Map<String, String> environment) {

	}

	/**
	 * What a reader wants to know of the values.
	 *
	 * @param median the median
	 * @param min the least value
	 * @param max the greatest value
	 * @param ratio the ratio to the best peer, or to stock
	 */
	record Summary(double median, double min, double max, @JsonProperty("ratio") Optional<Double> ratio) {

		private static Summary of(Sample sample, OptionalDouble ratio) {
			return new Summary(sample.median(), sample.min(), sample.max(),
					ratio.isPresent() ? Optional.of(ratio.getAsDouble()) : Optional.empty());
		}

	}

}
