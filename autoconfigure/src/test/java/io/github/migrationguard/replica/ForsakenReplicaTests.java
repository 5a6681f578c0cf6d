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

package io.github.migrationguard.replica;

import java.util.List;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a replica that only waits, for somebody who never comes.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ForsakenReplicaTests {

	static List<Named<Migrations>> replicaThatWaitsInVainSaysWhatIsMissingAndWhatToDo() {
		return List.of(Named.of("liquibase", Changelog.ofTables(12)), Named.of("flyway", FlywayScripts.ofTables(12)));
	}

	@ParameterizedTest
	@MethodSource
	void replicaThatWaitsInVainSaysWhatIsMissingAndWhatToDo(Migrations migrations, TestDatabase database,
			Replicas replicas) {
		Replica replica = replicas.guarded(migrations)
			.property("migration-guard.role", "wait")
			.property("migration-guard.lock.wait-timeout", "3s")
			.start();
		replica.awaitState("WAITING");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		assertThat(replica.migration().at("/lock/timeoutAt").asString("")).isNotEmpty();
		assertThat(replica.migration().at("/progress/pendingUnits").valueStream())
			.extracting((unit) -> unit.asString(""))
			.isEqualTo(migrations.identifiers());
		assertThat(replica.awaitExit()).isEqualTo(1);
		assertThat(replica.log())
			.contains("12 units pending, the first is '%s', nobody migrates at the moment"
				.formatted(migrations.identifiers().get(0)))
			.contains("APPLICATION FAILED TO START")
			.contains("only waits for the migration", "migration-guard.role=wait", "Nobody holds the lock")
			.contains(migrations.identifiers().subList(0, 10).stream().map("    - %s"::formatted).toList())
			.contains("and 2 more")
			.contains("--migration-guard.job.enabled=true", "migration-guard.role=migrate",
					"raise 'migration-guard.lock.wait-timeout'");
		assertThat(replica.markers()).isEmpty();
		assertThat(database.sessions()).isEmpty();
		assertThat(database.superuser()
			.sql("select count(*) from pg_tables where schemaname = 'public'")
			.query(Integer.class)
			.single()).isZero();
	}

}
