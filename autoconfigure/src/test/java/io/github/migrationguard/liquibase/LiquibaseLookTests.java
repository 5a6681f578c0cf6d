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

package io.github.migrationguard.liquibase;

import java.sql.Connection;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiquibaseLook}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseLookTests {

	@Test
	void includedChangeSetsArePendingAndNothingIsCreated(TestDatabase database) throws Exception {
		MigrationLook look = look(database);
		assertThat(look.pending()).hasSize(2);
		assertThat(tables(database)).isZero();
	}

	@Test
	void afterRunNothingIsPending(TestDatabase database) throws Exception {
		liquibase(database).afterPropertiesSet();
		MigrationLook look = look(database);
		assertThat(look.pending()).isEmpty();
		assertThat(look.applied()).isEqualTo(2);
	}

	private MigrationLook look(TestDatabase database) throws Exception {
		try (Connection connection = database.connect()) {
			return new LiquibaseMigrator("liquibase", liquibase(database)).look(connection);
		}
	}

	private SpringLiquibase liquibase(TestDatabase database) {
		SpringLiquibase liquibase = new SpringLiquibase();
		liquibase.setDataSource(database.dataSource());
		liquibase.setChangeLog("classpath:io/github/migrationguard/liquibase/including.yaml");
		liquibase.setResourceLoader(new DefaultResourceLoader());
		return liquibase;
	}

	private int tables(TestDatabase database) {
		return database.client()
			.sql("select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
			.query(Integer.class)
			.single();
	}

}
