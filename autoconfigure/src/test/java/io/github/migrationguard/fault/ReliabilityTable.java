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

package io.github.migrationguard.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.MigrationTool;

/**
 * The table of {@code docs/reliability.md}.
 *
 * @author Migration Guard
 */
final class ReliabilityTable {

	static final Path DOCUMENT = Path.of("..", "docs", "reliability.md");

	private static final String TOOLS_DIFFER = " / ";

	private final Map<String, List<String>> rows = new LinkedHashMap<>();

	private ReliabilityTable(List<String> lines) {
		lines.stream()
			.filter((line) -> line.startsWith("|"))
			.map((line) -> Stream.of(line.substring(1).split("\\|")).map(String::strip).toList())
			.forEach((cells) -> this.rows.putIfAbsent(cells.get(0), cells.subList(1, cells.size())));
	}

	static ReliabilityTable read() {
		try {
			return new ReliabilityTable(Files.readAllLines(DOCUMENT));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what is documented of a fault, in those positions that match.
	 */
	Map<Position, Outcome> row(Fault fault, MigrationTool tool, Predicate<Position> matching) {
		List<String> positions = this.rows.getOrDefault("fault", List.of());
		List<String> cells = this.rows.getOrDefault(fault.toString(), List.of());
		Map<Position, Outcome> row = new EnumMap<>(Position.class);
		for (int i = 0; i < Math.min(positions.size(), cells.size()); i++) {
			row.put(position(positions.get(i)), outcome(cells.get(i), tool));
		}
		row.keySet().removeIf(matching.negate());
		return row;
	}

	private static Position position(String label) {
		return Stream.of(Position.values()).filter((it) -> it.toString().equals(label)).findFirst().orElseThrow();
	}

	private static Outcome outcome(String cell, MigrationTool tool) {
		String[] labels = cell.split(TOOLS_DIFFER);
		String label = labels[(tool == MigrationTool.FLYWAY) ? labels.length - 1 : 0];
		return Stream.of(Outcome.values()).filter((it) -> it.toString().equals(label)).findFirst().orElseThrow();
	}

}
