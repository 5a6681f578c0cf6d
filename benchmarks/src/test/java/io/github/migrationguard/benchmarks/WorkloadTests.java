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

import io.github.migrationguard.testsupport.MigrationTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Workload}.
 *
 * @author Migration Guard
 */
class WorkloadTests {

	private final Workload workload = Workload.ofTables(1)
		.changeSet("total", "alter table table_1 add column total int")
		.nonTransactional("index", "create index concurrently total on table_1 (total)");

	@Test
	void bothToolsHaveTheSameChangeSets() {
		assertThat(this.workload.of(MigrationTool.LIQUIBASE).identifiers()).containsExactly(
				"changelog.sql::table_1::test", "changelog.sql::total::test", "changelog.sql::index::test");
		assertThat(this.workload.of(MigrationTool.FLYWAY).identifiers()).containsExactly("V1__table_1.sql",
				"V2__total.sql", "V3__index.sql");
	}

	@Test
	void bothToolsExecuteOneOutsideTransaction(@TempDir Path directory) {
		assertThat(this.workload.of(MigrationTool.LIQUIBASE).toString())
			.contains("--changeset test:index runInTransaction:false");
		this.workload.of(MigrationTool.FLYWAY).install(directory);
		assertThat(directory.resolve("db/migration/V3__index.sql.conf")).hasContent("executeInTransaction=false");
	}

}
