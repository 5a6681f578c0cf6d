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

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of one subject: values by metric.
 *
 * @author Migration Guard
 */
final class Observations {

	private final Map<String, List<Double>> values = new LinkedHashMap<>();

	Observations add(String metric, double value) {
		this.values.computeIfAbsent(metric, (id) -> new ArrayList<>()).add(value);
		return this;
	}

	Observations addAll(Map<String, List<Double>> others) {
		others.forEach((metric, values) -> values.forEach((value) -> add(metric, value)));
		return this;
	}

	Map<String, List<Double>> values() {
		return Collections.unmodifiableMap(this.values);
	}

}
