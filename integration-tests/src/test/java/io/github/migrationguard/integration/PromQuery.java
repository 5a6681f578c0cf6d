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

import java.util.Arrays;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A query in Prometheus' language, as far as its names have to exist.
 *
 * @param text the query
 * @author Migration Guard
 */
record PromQuery(String text) {

	/**
	 * What Prometheus adds by itself.
	 */
	private static final Set<String> TARGET = Set.of("job", "instance");

	/**
	 * Labels whose every value is there from the beginning.
	 */
	private static final Set<String> COMPLETE = Set.of("reason", "state");

	private static final Pattern METRIC = Pattern.compile("\\b(migrations_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

	Set<String> metrics() {
		return find(METRIC, this.text).map((metric) -> metric.group(1)).collect(Collectors.toSet());
	}

	/**
	 * Return the labels that the result has.
	 * @return the labels that are named in groupings
	 */
	Set<String> resultLabels() {
		return find(GROUPING, this.text).flatMap((grouping) -> Arrays.stream(grouping.group(1).split("\\s*,\\s*")))
			.collect(Collectors.toSet());
	}

	void assertNamesExistIn(Scrape scrape) {
		assertThat(metrics()).as(this.text).isNotEmpty().isSubsetOf(scrape.metrics());
		find(METRIC, this.text).filter((metric) -> metric.group(2) != null)
			.forEach((metric) -> assertMatchersExist(metric.group(1), metric.group(2), scrape));
		assertThat(metrics()).allSatisfy((metric) -> assertThat(resultLabels()).as(this.text)
			.allMatch((label) -> isLabel(label, metric, scrape)));
	}

	private void assertMatchersExist(String metric, String matchers, Scrape scrape) {
		find(MATCHER, matchers).forEach((matcher) -> {
			String label = matcher.group(1);
			assertThat(isLabel(label, metric, scrape)).as("%s in %s", label, this.text).isTrue();
			if (COMPLETE.contains(label)) {
				assertThat(matcher.group(2).split("\\|")).as(this.text).isSubsetOf(scrape.values(metric, label));
			}
		});
	}

	private static boolean isLabel(String label, String metric, Scrape scrape) {
		return TARGET.contains(label) || scrape.labels(metric).contains(label);
	}

	private static Stream<MatchResult> find(Pattern pattern, String text) {
		return pattern.matcher(text).results();
	}

}
