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
 * Row that compares engines.
 *
 * @author Migration Guard
 */
abstract class EngineRow extends AbstractRow {

	EngineRow(String id, String title, String how, Metric... metrics) {
		super(id, title, how, Engine.subjects(), List.of(metrics));
	}

	@Override
	public final Observations measure(Subject subject, Repetition repetition) throws Exception {
		Engine engine = Engine.of(subject);
		ClassArchive.jvmOption(engine);
		try (Trial trial = new Trial(engine, "row-" + id())) {
			return measure(trial, repetition);
		}
	}

	/**
	 * Measure once.
	 * @param trial an engine with an empty database
	 * @param repetition which of the repetitions this is
	 * @throws Exception if nothing could be measured
	 */
	abstract Observations measure(Trial trial, Repetition repetition) throws Exception;

}
