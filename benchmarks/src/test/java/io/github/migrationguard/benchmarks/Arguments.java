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

import java.util.List;

import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.util.StringUtils;

/**
 * What the program is asked to do.
 *
 * @author Migration Guard
 * @param rows the rows, empty for all
 * @param engines the engines, empty for all
 * @param repetitions how many repetitions each row shall have in the end
 * @param fresh whether to forget what was measured before
 */
record Arguments(List<String> rows, List<String> engines, int repetitions, boolean fresh) {

	private static final String DEFAULT_REPETITIONS = "5";

	static Arguments parse(String... args) {
		SimpleCommandLinePropertySource source = new SimpleCommandLinePropertySource(args);
		String repetitions = source.getProperty("repetitions");
		return new Arguments(list(source.getProperty("rows")), list(source.getProperty("engines")),
				Integer.parseInt((repetitions != null) ? repetitions : DEFAULT_REPETITIONS),
				source.containsProperty("fresh"));
	}

	private static List<String> list(@org.jspecify.annotations.Nullable String value) {
		return List.of(StringUtils.commaDelimitedListToStringArray(value));
	}

	boolean includes(Row row) {
		return this.rows.isEmpty()
				|| this.rows.stream().anyMatch((id) -> row.id().equals(id) || row.id().startsWith(id + "-"));
	}

	boolean includes(Subject subject) {
		return this.engines.isEmpty() || this.engines.contains(subject.id());
	}

}
