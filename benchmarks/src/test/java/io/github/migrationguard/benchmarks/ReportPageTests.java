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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReportPage}.
 *
 * @author Migration Guard
 */
class ReportPageTests {

	private final ExampleRow row = new ExampleRow();

	private final String page = new ReportPage("images").add(this.row, this.row.result()).toString();

	@Test
	void rowHasItsTitleHowItIsTakenAndItsChart() {
		assertThat(this.page).contains("\n## Example\n\nBy example.\n\n![Example](images/row-1.svg)\n");
	}

	@Test
	void cellHasMedianRangeAndRatio() {
		assertThat(this.page).contains("|  | all ready | statements | failed |\n| --- | ---: | ---: | ---: |\n")
			.contains("| Liquibase | 30.00 s (20.00–40.00) | 100 |  |\n")
			.contains(
					"| Migration Guard, Liquibase | 2.00 s (1.00–3.00)<br>0.17 x best peer | 90<br>0.90 x stock |  |\n");
	}

	@Test
	void whatWasNotMeasuredIsEmpty() {
		assertThat(this.page).contains("| Migration Guard, Flyway |  |  |  |\n");
	}

	@Test
	void rowHasWhenAndWhereItWasMeasured() {
		assertThat(this.page).contains("\nRepetitions: 2. Measured on 2026-12-01 at commit abc1234: Java 17.\n");
	}

}
