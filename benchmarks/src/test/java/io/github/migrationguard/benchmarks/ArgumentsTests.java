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
 * Tests for {@link Arguments}.
 *
 * @author Migration Guard
 */
class ArgumentsTests {

	@Test
	void allRowsAndEnginesByDefault() {
		Arguments arguments = Arguments.parse();
		assertThat(Rows.all()).allMatch(arguments::includes);
		assertThat(Engine.subjects()).allMatch(arguments::includes);
		assertThat(arguments.repetitions()).isEqualTo(5);
		assertThat(arguments.fresh()).isFalse();
	}

	@Test
	void rowsAreChosenByNumber() {
		Arguments arguments = Arguments.parse("--rows=1,8", "--repetitions=2", "--fresh");
		assertThat(Rows.all()).filteredOn(arguments::includes)
			.extracting(Row::id)
			.containsExactly("1", "8-waiters", "8-changesets", "8-schemas");
		assertThat(arguments.repetitions()).isEqualTo(2);
		assertThat(arguments.fresh()).isTrue();
	}

	@Test
	void enginesAreChosenByName() {
		Arguments arguments = Arguments.parse("--engines=flyway,guarded-flyway");
		assertThat(Engine.subjects()).filteredOn(arguments::includes)
			.containsExactly(Engine.FLYWAY.subject(), Engine.GUARDED_FLYWAY.subject());
	}

}
