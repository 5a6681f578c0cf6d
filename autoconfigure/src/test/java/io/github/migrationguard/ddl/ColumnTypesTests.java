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

package io.github.migrationguard.ddl;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ColumnTypes}.
 *
 * @author Migration Guard
 */
class ColumnTypesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			character varying(50) | varchar ( 50 )         | true
			character varying(50) | varchar ( 100 )        | true
			character varying(50) | varchar                | true
			character varying(50) | character varying      | true
			character varying(50) | text                   | true
			character varying     | text                   | true
			text                  | varchar                | true
			integer               | integer                | true
			numeric(10,2)         | numeric ( 12 , 2 )     | true
			numeric(10,2)         | decimal                | true
			numeric(10,0)         | numeric ( 12 )         | true
			character varying(50) | varchar ( 49 )         | false
			text                  | varchar ( 50 )         | false
			character varying(50) | text collate C         | false
			character varying(50) | text using lower ( a ) | false
			character(50)         | text                   | false
			numeric(10,2)         | numeric ( 12 , 3 )     | false
			numeric(10,2)         | numeric ( 9 , 2 )      | false
			numeric               | numeric ( 9 , 2 )      | false
			integer               | bigint                 | false
			integer               | numeric                | false""")
	void compatibleTypes(String from, String to, boolean compatible) {
		assertThat(ColumnTypes.isCompatible(from, to)).isEqualTo(compatible);
	}

}
