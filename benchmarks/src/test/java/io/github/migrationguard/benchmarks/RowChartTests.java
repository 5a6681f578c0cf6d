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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RowChart}.
 *
 * @author Migration Guard
 */
class RowChartTests {

	private final ExampleRow row = new ExampleRow();

	@Test
	void chartHasBarAndMedianOfEachEngineThatWasMeasured(@TempDir Path directory) {
		Path file = directory.resolve("images/row-1.svg");
		new RowChart(this.row, this.row.result()).write(file);
		assertThat(file).content()
			.contains(">Liquibase<", ">30.00 s<", ">Migration Guard, Liquibase<", ">2.00 s<", "all ready (s)")
			.doesNotContain(">Migration Guard, Flyway<");
	}

	@Test
	void chartHasNoBackground(@TempDir Path directory) {
		Path file = directory.resolve("row-1.svg");
		new RowChart(this.row, this.row.result()).write(file);
		assertThat(file).content().doesNotContain("fill:white", "fill=\"white\"");
	}

}
