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
import java.util.Map;

import io.github.migrationguard.benchmarks.RowResult.Measurement;

/**
 * Row that measures nothing.
 *
 * @author Migration Guard
 */
class ExampleRow implements Row {

	static final Metric READY = Metric.of("ready", "all ready", Unit.SECONDS);

	static final Metric STATEMENTS = Metric.againstStock("statements", "statements", Unit.COUNT);

	static final Metric FAILED = Metric.flaw("failed", "failed");

	@Override
	public String id() {
		return "1";
	}

	@Override
	public String title() {
		return "Example";
	}

	@Override
	public String how() {
		return "By example.";
	}

	@Override
	public List<Subject> subjects() {
		return Engine.subjects();
	}

	@Override
	public List<Metric> metrics() {
		return List.of(READY, STATEMENTS, FAILED);
	}

	@Override
	public Observations measure(Subject subject, Repetition repetition) {
		throw new UnsupportedOperationException();
	}

	RowResult empty() {
		return RowResult.empty(this, new Measurement("2026-12-01", "abc1234", Map.of("Java", "17")));
	}

	/**
	 * Return two repetitions of three engines.
	 */
	RowResult result() {
		return empty().plus(repetition(20, 10, 1)).plus(repetition(40, 14, 3));
	}

	private static Map<String, Observations> repetition(double liquibase, double flyway, double guarded) {
		return Map.of(Engine.LIQUIBASE.subject().id(), observed(liquibase, 100), Engine.FLYWAY.subject().id(),
				observed(flyway, 50), Engine.GUARDED_LIQUIBASE.subject().id(), observed(guarded, 90));
	}

	private static Observations observed(double ready, double statements) {
		return new Observations().add("ready", ready).add("statements", statements);
	}

}
