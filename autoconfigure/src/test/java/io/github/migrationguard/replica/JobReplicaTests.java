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
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the migration job: the same application, which migrates and exits.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class JobReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(2).gate("middle");

	private static final FlywayScripts SCRIPTS = FlywayScripts.ofTables(2);

	static List<Named<Migrations>> migratesAndExitsWithoutAnyOtherBean() {
		return List.of(Named.of("liquibase", CHANGELOG), Named.of("flyway", SCRIPTS));
	}

	@ParameterizedTest
	@MethodSource
	void migratesAndExitsWithoutAnyOtherBean(Migrations migrations, TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Replica job = job(replicas, migrations)
			.property("logging.level.org.springframework.beans.factory.support", "debug")
			.property("migration-guard.role", "wait")
			.start();
		assertThat(job.awaitExit()).isZero();
		ledger.assertAppliedExactlyOnce(migrations);
		assertThat(job.log()).containsPattern("Migration job: '(liquibase|flyway)' is COMPLETED")
			.contains("Creating shared instance of singleton bean 'dataSource'")
			.doesNotContain("bean 'startMarkers'", "bean 'helloController'", "bean 'jdbcClient'", "Tomcat")
			.contains("HikariPool-1 - Shutdown completed");
		assertThat(database.sessions()).isEmpty();
	}

	@Test
	void usesDataSourceOfTheApplication(TestDatabase database, Replicas replicas) {
		Replica job = job(replicas, Changelog.ofTables(1)).property("own-data-source.enabled", true)
			.property("own-data-source.url", database.url())
			.property("own-data-source.username", database.username())
			.property("own-data-source.password", database.password())
			.property("spring.datasource.url", "jdbc:postgresql://nowhere.invalid/nothing")
			.start();
		assertThat(job.awaitExit()).isZero();
		assertThat(job.log()).contains("own - Shutdown completed");
		assertThat(database.client().sql("select count(*) from table_1").query(Integer.class).single()).isZero();
	}

	@Test
	void failsWithAnalysisAndExitCode(TestDatabase database, Replicas replicas) {
		Replica job = job(replicas, Changelog.empty().changeSet("broken", "select 1 / 0"))
			.property("migration-guard.on-failure", "stay-up")
			.jvmOption("-Dswallow-failure=true")
			.start();
		assertThat(job.awaitExit()).isEqualTo(1);
		assertThat(job.log()).contains("APPLICATION FAILED TO START", "changelog.sql::broken::test", "22012");
		assertThat(database.advisoryLocks()).isEmpty();
	}

	@Test
	void failsWithoutAnythingToMigrate(TestDatabase database, Replicas replicas) {
		Replica job = job(replicas, CHANGELOG).property("spring.liquibase.enabled", false).start();
		assertThat(job.awaitExit()).isEqualTo(1);
		assertThat(job.log()).contains("APPLICATION FAILED TO START", "There is nothing to migrate")
			.doesNotContain("\tat ");
	}

	@Test
	void waitsForTheLockLikeEverybodyAndHearsSigterm(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Replica migrating = replicas.guarded(CHANGELOG).start();
		gate.awaitArrival();
		Replica patient = job(replicas, CHANGELOG).start();
		Replica stopped = job(replicas, CHANGELOG).start();
		patient.awaitLog("waits for the lock");
		stopped.awaitLog("waits for the lock");
		stopped.sigterm();
		assertThat(stopped.awaitExit()).isEqualTo(143);
		gate.open();
		assertThat(patient.awaitExit()).isZero();
		migrating.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
	}

	private static ReplicaBuilder job(Replicas replicas, Migrations migrations) {
		return replicas.guarded(migrations).property("migration-guard.job.enabled", true);
	}

}
