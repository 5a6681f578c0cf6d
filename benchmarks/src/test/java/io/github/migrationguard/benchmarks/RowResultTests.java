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

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RowResult}.
 *
 * @author Migration Guard
 */
class RowResultTests {

	private final ExampleRow row = new ExampleRow();

	private final RowResult result = this.row.result();

	private final Subject guarded = Engine.GUARDED_LIQUIBASE.subject();

	@Test
	void repetitionsAreCollected() {
		assertThat(this.result.repetitions()).isEqualTo(2);
		assertThat(this.result.sample(this.guarded, ExampleRow.READY)).contains(new Sample(2, 1, 3, 2));
	}

	@Test
	void ratioIsThatOfMediansToBestOfAllPeers() {
		assertThat(this.result.ratio(this.row, this.guarded, ExampleRow.READY)).hasValue(2.0 / 12);
	}

	@Test
	void ratioToStockIsThatToTheSameTool() {
		assertThat(this.result.ratio(this.row, this.guarded, ExampleRow.STATEMENTS)).hasValue(0.9);
	}

	@Test
	void peerWithFlawIsNotTheBestOne() {
		RowResult flawed = this.result.plus(Map.of("flyway", new Observations().add("failed", 1)));
		assertThat(flawed.ratio(this.row, this.guarded, ExampleRow.READY)).hasValue(2.0 / 30);
	}

	@Test
	void peersAndWhatWasNotMeasuredHaveNoRatio() {
		assertThat(this.result.ratio(this.row, Engine.FLYWAY.subject(), ExampleRow.READY)).isEmpty();
		assertThat(this.result.ratio(this.row, Engine.GUARDED_FLYWAY.subject(), ExampleRow.READY)).isEmpty();
	}

	@Test
	void ratioToNothingIsNone() {
		RowResult nothing = this.row.empty()
			.plus(Map.of("flyway", new Observations().add("ready", 0), this.guarded.id(),
					new Observations().add("ready", 1)));
		assertThat(nothing.ratio(this.row, this.guarded, ExampleRow.READY)).isEmpty();
	}

	@Test
	void isTheSameAfterItWasWrittenAndRead(@TempDir Path directory) {
		Results results = new Results(directory);
		results.write(this.row, this.result);
		assertThat(results.read(this.row)).contains(this.result);
		assertThat(directory.resolve("row-1.json")).content().contains("\"summary\"", "\"ratio\"");
	}

}
