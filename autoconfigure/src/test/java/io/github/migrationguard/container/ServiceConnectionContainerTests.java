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

package io.github.migrationguard.container;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for a service whose database is given by
 * {@link ServiceConnection @ServiceConnection}.
 *
 * @author Migration Guard
 */
@ContainerTest
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "spring.flyway.enabled=false",
		"spring.liquibase.change-log=classpath:io/github/migrationguard/container/changelog.yaml" })
class ServiceConnectionContainerTests {

	@Container
	@ServiceConnection
	static final PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:15");

	@Autowired
	private JdbcClient jdbcClient;

	@Autowired
	private MigrationGuard guard;

	@Test
	void migratesInTheContainer() {
		assertThat(this.guard.getStatus()).extracting(MigrationStatus::name, MigrationStatus::state)
			.containsExactly(tuple("liquibase", MigrationState.COMPLETED));
		assertThat(this.jdbcClient.sql("select id from databasechangelog order by orderexecuted")
			.query(String.class)
			.list()).containsExactly("create-parcel", "index-parcel");
		assertThat(this.jdbcClient.sql("select count(*) from parcel").query(Long.class).single()).isZero();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Service {

	}

}
