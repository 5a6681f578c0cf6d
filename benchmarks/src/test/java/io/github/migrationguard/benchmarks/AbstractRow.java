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
 * Row that is told what it is.
 *
 * @author Migration Guard
 */
abstract class AbstractRow implements Row {

	private final String id;

	private final String title;

	private final String how;

	private final List<Subject> subjects;

	private final List<Metric> metrics;

	AbstractRow(String id, String title, String how, List<Subject> subjects, List<Metric> metrics) {
		this.id = id;
		this.title = title;
		this.how = how.strip();
		this.subjects = List.copyOf(subjects);
		this.metrics = List.copyOf(metrics);
	}

	@Override
	public final String id() {
		return this.id;
	}

	@Override
	public final String title() {
		return this.title;
	}

	@Override
	public final String how() {
		return this.how;
	}

	@Override
	public final List<Subject> subjects() {
		return this.subjects;
	}

	@Override
	public final List<Metric> metrics() {
		return this.metrics;
	}

}
