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
 * Row 8: what grows with a size.
 *
 * @author Migration Guard
 */
abstract class GrowthRow extends AbstractRow {

	GrowthRow(String id, String title, String how, List<Subject> subjects, List<Metric> metrics) {
		super(id, title, how, subjects, metrics);
	}

	/**
	 * Return the number that the id of a subject begins with.
	 * @param subject the subject
	 */
	static int size(Subject subject) {
		return Integer.parseInt(subject.id().split("-")[0]);
	}

}
