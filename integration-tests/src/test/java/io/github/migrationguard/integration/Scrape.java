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

package io.github.migrationguard.integration;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The metrics of the migrations as Prometheus reads them from applications.
 *
 * @author Migration Guard
 */
final class Scrape {

	private static final Pattern LINE = Pattern.compile("(?m)^(migrations_\\w+)\\{(.*)} \\S+$");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	private final Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();

	/**
	 * Add what an application answers.
	 * @param text its metrics in Prometheus' text format
	 */
	void add(String text) {
		LINE.matcher(text).results().forEach((line) -> {
			Map<String, Set<String>> labels = this.metrics.computeIfAbsent(line.group(1), (metric) -> new TreeMap<>());
			LABEL.matcher(line.group(2))
				.results()
				.forEach((label) -> labels.computeIfAbsent(label.group(1), (name) -> new TreeSet<>())
					.add(label.group(2)));
		});
	}

	Set<String> metrics() {
		return this.metrics.keySet();
	}

	Set<String> labels(String metric) {
		return this.metrics.getOrDefault(metric, Map.of()).keySet();
	}

	Set<String> values(String metric, String label) {
		return this.metrics.getOrDefault(metric, Map.of()).getOrDefault(label, Set.of());
	}

}
