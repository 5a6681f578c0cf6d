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
 * One figure of a row. Less is better.
 *
 * @author Migration Guard
 * @param id how the results name it
 * @param label how tables name it
 * @param unit its unit
 * @param comparison with whom a guarded engine is compared
 * @param flaw whether it counts what must not happen at all
 */
record Metric(String id, String label, Unit unit, Comparison comparison, boolean flaw) {

	static Metric of(String id, String label, Unit unit) {
		return new Metric(id, label, unit, Comparison.BEST_PEER, false);
	}

	/**
	 * Return a figure that counts what must not happen at all. A peer to whom it happens
	 * is not the best one, however fast it is.
	 */
	static Metric flaw(String id, String label) {
		return new Metric(id, label, Unit.COUNT, Comparison.BEST_PEER, true);
	}

	static Metric againstStock(String id, String label, Unit unit) {
		return new Metric(id, label, unit, Comparison.STOCK, false);
	}

}
