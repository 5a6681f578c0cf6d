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

package io.github.migrationguard.integration.slices;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.integration.DatabaseConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link JdbcTest @JdbcTest}.
 *
 * @author Migration Guard
 */
@JdbcTest
@Import(DatabaseConfiguration.class)
@TestPropertySource("/slices.properties")
class JdbcSliceTests {

	@Test
	void migratesGuarded(@Autowired JdbcClient client, @Autowired MigrationGuard guard) {
		assertThat(client.sql("select count(*) from note").query(Integer.class).single()).isZero();
		assertThat(guard.getStatus()).extracting(MigrationStatus::state).containsExactly(MigrationState.COMPLETED);
	}

}
