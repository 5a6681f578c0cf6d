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

/**
 * What is measured next to others in a row: an engine, or a size.
 *
 * @author Migration Guard
 * @param id how the results name it
 * @param label how tables and charts name it
 * @param kind how it is compared with others
 * @param tool the migration tool, empty for a size
 */
record Subject(String id, String label, Kind kind, String tool) {

	static Subject size(String id, String label) {
		return new Subject(id, label, Kind.SIZE, "");
	}

	/**
	 * Return whether this is what the other one is compared with.
	 * @param other a guarded engine
	 * @param comparison with whom
	 */
	boolean isPeerOf(Subject other, Comparison comparison) {
		return this.kind != Kind.GUARDED && other.kind() == Kind.GUARDED && switch (comparison) {
			case BEST_PEER -> true;
			case STOCK -> this.kind == Kind.STOCK && this.tool.equals(other.tool());
		};
	}

	/**
	 * How something is compared with others.
	 */
	enum Kind {

		/**
		 * Spring Boot as it is.
		 */
		STOCK,

		/**
		 * Spring Boot with something else than Migration Guard.
		 */
		PEER,

		/**
		 * Spring Boot with Migration Guard.
		 */
		GUARDED,

		/**
		 * A size of the same engine.
		 */
		SIZE

	}

}
