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

import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * What all repetitions have given for one figure.
 *
 * @author Migration Guard
 * @param median the median
 * @param min the least value
 * @param max the greatest value
 * @param count how many values
 */
record Sample(double median, double min, double max, long count) {

	static Sample of(List<Double> values) {
		DescriptiveStatistics statistics = new DescriptiveStatistics();
		values.forEach(statistics::addValue);
		return new Sample(statistics.getPercentile(50), statistics.getMin(), statistics.getMax(), statistics.getN());
	}

}
