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

/**
 * One comparison.
 *
 * @author Migration Guard
 */
interface Row {

	/**
	 * Return how the row is chosen and its files are named.
	 */
	String id();

	/**
	 * Return the title.
	 */
	String title();

	/**
	 * Return how each figure is taken, as a paragraph.
	 */
	String how();

	/**
	 * Return what is measured side by side.
	 */
	List<? extends Subject> subjects();

	/**
	 * Return the figures. The first one is charted.
	 */
	List<Metric> metrics();

	/**
	 * Measure once.
	 * @param subject one of the subjects
	 * @param repetition which of the repetitions this is
	 * @throws Exception if nothing could be measured
	 */
	Observations measure(Subject subject, Repetition repetition) throws Exception;

	/**
	 * Which of how many.
	 *
	 * @param index from 0
	 * @param count of how many
	 */
	record Repetition(int index, int count) {

		/**
		 * Return a different fraction for each repetition, spread evenly over a whole.
		 */
		double fraction() {
			return (this.index + 0.5) / this.count;
		}

	}

}
