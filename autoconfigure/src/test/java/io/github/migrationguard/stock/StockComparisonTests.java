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

package io.github.migrationguard.stock;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Page;
import io.github.migrationguard.testsupport.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a service ends as it would without Migration Guard, for the inputs in
 * {@code src/test/stock}: for one in a few, or with
 * {@code -Dmigration-guard.stock=<regular expression>} for those whose name matches.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class StockComparisonTests {

	/**
	 * Names of the inputs to run. If there is none, one in {@value #SLICE} is run.
	 */
	private static final @Nullable String SELECTED = System.getProperty("migration-guard.stock");

	private static final int SLICE = 12;

	private static final boolean WRITE = Boolean.getBoolean("migration-guard.stock.write");

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void endsAsStock(StockInput input, TestDatabase template) {
		input.list("stock.roles").forEach((role) -> createRole(template, role));
		Map<String, TestDatabase> stockOthers = copies(input, template, "_stock");
		Map<String, TestDatabase> guardedOthers = copies(input, template, "");
		prepare(input, "superuser.sql", (sql) -> template.superuser().sql(sql).update());
		prepare(input, "before.sql", (sql) -> execute(template, sql));
		Outcome stock = StockRun.run(input, false, template.copy("stock"), stockOthers);
		Outcome guarded = StockRun.run(input, true, template, guardedOthers);
		List<String> differences = guarded.differences(stock);
		if (WRITE) {
			input.writeDifference(differences);
		}
		assertAsKnown(input, differences);
	}

	@Test
	void documentationTellsOfDifferences() {
		List<StockInput> inputs = StockInput.all();
		String text = Page.of("reliability.md").section("Compared with stock").text();
		assertThat(inputs).hasSizeGreaterThan(stated(text));
		assertThat(inputs.stream().flatMap((input) -> input.difference().stream().limit(1)))
			.filteredOn((reason) -> reason.startsWith("documented: "))
			.allSatisfy((reason) -> assertThat(text).contains(reason.substring("documented: ".length())));
	}

	private static int stated(String text) {
		return Pattern.compile("more than (\\d+) small services")
			.matcher(text)
			.results()
			.mapToInt((result) -> Integer.parseInt(result.group(1)))
			.findFirst()
			.orElseThrow();
	}

	static List<StockInput> endsAsStock() {
		List<StockInput> inputs = StockInput.all();
		if (SELECTED == null) {
			return IntStream.range(0, inputs.size()).filter((i) -> i % SLICE == 0).mapToObj(inputs::get).toList();
		}
		Pattern selected = Pattern.compile(SELECTED);
		return inputs.stream().filter((input) -> selected.matcher(input.name()).find()).toList();
	}

	private static void createRole(TestDatabase database, String role) {
		database.superuser().sql("create role " + role).update();
		database.superuser().sql("grant %s to %s".formatted(role, database.username())).update();
		database.adoptRole(role);
	}

	private static Map<String, TestDatabase> copies(StockInput input, TestDatabase template, String suffix) {
		Map<String, TestDatabase> copies = new TreeMap<>();
		for (String name : input.list("stock.databases")) {
			TestDatabase copy = template.copy(name + suffix);
			prepare(input, "before-%s.sql".formatted(name), (sql) -> execute(copy, sql));
			copies.put(name, copy);
		}
		return copies;
	}

	private static void prepare(StockInput input, String file, Consumer<String> execution) {
		input.text(file).ifPresent(execution);
	}

	private static void execute(TestDatabase database, String sql) {
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertAsKnown(StockInput input, List<String> differences) {
		List<String> known = input.difference();
		if (known.isEmpty()) {
			assertThat(differences).as("what differs from stock").isEmpty();
			return;
		}
		assertThat(known.get(0)).matches("(open|documented): .+");
		assertThat(differences).as("what differs, or remove difference.txt: %s", known.get(0))
			.isNotEmpty()
			.containsAll(known.subList(1, known.size()));
	}

}
