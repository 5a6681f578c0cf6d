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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dashboard and the alerts in {@code docs/monitoring}: whatever they name
 * is there when Prometheus asks two applications, of which one migrates and one waits.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class MonitoringTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final String PROMETHEUS = "/actuator/prometheus";

	private static final Pattern VARIABLE = Pattern.compile("\\$(?:labels\\.)?(\\w+)");

	private static final Pattern LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

	private static final Scrape scrape = new Scrape();

	@BeforeAll
	static void scrape(@TempDir Path directory, TestDatabase database) {
		int port = Http.freePort();
		int waitingPort = Http.freePort();
		Http http = new Http(port);
		Http waiting = new Http(waitingPort);
		try (HeldStart start = HeldStart.of(database, service(database, directory, port))) {
			CompletableFuture<ConfigurableApplicationContext> second = CompletableFuture
				.supplyAsync(service(database, directory, waitingPort)::start);
			Awaiting.await("second waits")
				.until(() -> waiting.isReachable()
						&& waiting.body(PROMETHEUS).contains("migrations_lock_wait_active_seconds"));
			scrape.add(http.body(PROMETHEUS));
			scrape.add(waiting.body(PROMETHEUS));
			start.release();
			try (ConfigurableApplicationContext context = second.join()) {
				scrape.add(http.body(PROMETHEUS));
				scrape.add(waiting.body(PROMETHEUS));
			}
		}
	}

	private static Service service(TestDatabase database, Path directory, int port) {
		return Service.of(database, HeldStart.CHANGELOG, directory, SliceApplication.class).with("server.port", port);
	}

	@Test
	void dashboardQueriesWhatExists() throws IOException {
		List<JsonNode> targets = targets();
		assertThat(targets).hasSizeGreaterThan(10);
		for (JsonNode target : targets) {
			PromQuery query = new PromQuery(target.path("expr").asString());
			query.assertNamesExistIn(scrape);
			assertThat(names(LEGEND, target.path("legendFormat").asString())).as(query.text())
				.isSubsetOf(query.resultLabels());
		}
	}

	@Test
	void dashboardShowsEveryMetric() throws IOException {
		Set<String> shown = targets().stream()
			.flatMap((target) -> new PromQuery(target.path("expr").asString()).metrics().stream())
			.map(MonitoringTests::withoutStatistic)
			.collect(Collectors.toSet());
		assertThat(shown)
			.containsAll(scrape.metrics().stream().map(MonitoringTests::withoutStatistic).collect(Collectors.toSet()));
	}

	@Test
	void dashboardAsksForDataSourceAndUsesOnlyVariablesThatItHas() throws IOException {
		JsonNode dashboard = dashboard();
		List<JsonNode> variables = dashboard.path("templating").path("list").valueStream().toList();
		assertThat(variables).filteredOn((variable) -> variable.path("type").asString().equals("datasource"))
			.extracting((variable) -> variable.path("name").asString())
			.containsExactly("datasource");
		Set<String> names = variables.stream()
			.map((variable) -> variable.path("name").asString())
			.collect(Collectors.toSet());
		assertThat(dashboard.findValuesAsString("uid")).containsOnly("migration-guard", "${datasource}");
		variables.stream()
			.filter((variable) -> variable.path("type").asString().equals("query"))
			.forEach((variable) -> new PromQuery(variable.path("definition").asString()).assertNamesExistIn(scrape));
		for (JsonNode target : targets()) {
			assertThat(names(VARIABLE, target.path("expr").asString().replace("$__rate_interval", ""))).isNotEmpty()
				.isSubsetOf(names);
		}
	}

	@Test
	void alertsQueryWhatExists() throws IOException {
		List<Map<String, Object>> rules = rules();
		assertThat(rules).hasSizeGreaterThan(5);
		for (Map<String, Object> rule : rules) {
			PromQuery query = new PromQuery((String) rule.get("expr"));
			query.assertNamesExistIn(scrape);
			String annotations = rule.get("annotations").toString().replace("$value", "");
			assertThat(names(VARIABLE, annotations)).as(annotations).isNotEmpty().isSubsetOf(query.resultLabels());
		}
	}

	@Test
	void alertsLeadToTheirRunbooksAndAreDescribed() throws IOException {
		String page = Files.readString(DOCS.resolve("monitoring.md"));
		String headings = Files.readString(DOCS.resolve("operations.md"))
			.lines()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("#+ ", "#").toLowerCase().replace(' ', '-'))
			.collect(Collectors.joining("\n", "", "\n"));
		for (Map<String, Object> rule : rules()) {
			String runbook = (String) ((Map<?, ?>) rule.get("annotations")).get("runbook");
			assertThat(runbook).startsWith("docs/operations.md#");
			assertThat(headings).contains(runbook.substring(runbook.indexOf('#')) + "\n");
			assertThat(page).contains("| `%s` |".formatted(rule.get("alert")));
		}
	}

	private static JsonNode dashboard() throws IOException {
		return JsonMapper.shared().readTree(Files.readString(DOCS.resolve("monitoring/grafana-dashboard.json")));
	}

	private static List<JsonNode> targets() throws IOException {
		return dashboard().path("panels")
			.valueStream()
			.flatMap((panel) -> panel.path("targets").valueStream())
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules() throws IOException {
		Map<String, Object> file = new Yaml().load(Files.readString(DOCS.resolve("monitoring/prometheus-rules.yaml")));
		return ((List<Map<String, Object>>) file.get("groups")).stream()
			.flatMap((group) -> ((List<Map<String, Object>>) group.get("rules")).stream())
			.toList();
	}

	private static Set<String> names(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((name) -> name.group(1)).collect(Collectors.toSet());
	}

	/**
	 * A timer has a metric for each of its statistics, of which one is enough.
	 */
	private static String withoutStatistic(String metric) {
		return metric.replaceFirst("_seconds_(count|sum|max)$", "_seconds");
	}

}
