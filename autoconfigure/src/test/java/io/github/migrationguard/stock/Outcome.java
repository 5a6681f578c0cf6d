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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a service has ended, in sections of lines that can be compared.
 *
 * @author Migration Guard
 */
final class Outcome {

	private final Map<String, List<String>> sections = new LinkedHashMap<>();

	void add(String section, List<String> lines) {
		this.sections.computeIfAbsent(section, (name) -> new ArrayList<>()).addAll(lines);
	}

	/**
	 * Return what is not as it is in another outcome.
	 * @param stock the outcome without Migration Guard
	 * @return lines that begin with {@code -} if only stock has them, with {@code +} if
	 * only this has them
	 */
	List<String> differences(Outcome stock) {
		Set<String> names = new LinkedHashSet<>(stock.sections.keySet());
		names.addAll(this.sections.keySet());
		List<String> differences = new ArrayList<>();
		for (String name : names) {
			List<String> expected = stock.sections.getOrDefault(name, List.of());
			List<String> actual = this.sections.getOrDefault(name, List.of());
			differences.addAll(prefix("- " + name + ": ", without(expected, actual)));
			differences.addAll(prefix("+ " + name + ": ", without(actual, expected)));
			if (!expected.equals(actual) && without(expected, actual).isEmpty()
					&& without(actual, expected).isEmpty()) {
				differences.add("~ " + name + ": another order");
			}
		}
		return differences;
	}

	private static List<String> without(List<String> lines, List<String> others) {
		List<String> rest = new ArrayList<>(lines);
		others.forEach(rest::remove);
		return rest;
	}

	private static List<String> prefix(String prefix, List<String> lines) {
		return lines.stream().map((line) -> prefix + line.replace("\n", "\\n").replace("\r", "\\r")).toList();
	}

	@Override
	public String toString() {
		return this.sections.toString();
	}

}
