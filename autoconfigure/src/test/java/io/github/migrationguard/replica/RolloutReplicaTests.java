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
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a rollout: replicas that start at the same moment on an empty database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class RolloutReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(8)
		.changeSet("journal", "create table journal (entry text)")
		.changeSet("first-entry", "insert into journal select 'first' from pg_sleep(0.5)")
		.changeSet("second-entry", "insert into journal select 'second' from pg_sleep(0.5)")
		.changeSet("index", "runInTransaction:false", "create index concurrently journal_entry on journal (entry)");

	private static final FlywayScripts SCRIPTS = FlywayScripts.ofTables(8)
		.versioned("journal", "create table journal (entry text)")
		.versioned("first_entry", "insert into journal select 'first' from pg_sleep(0.5)")
		.versioned("second_entry", "insert into journal select 'second' from pg_sleep(0.5)")
		.nonTransactional("index", "create index concurrently journal_entry on journal (entry)");

	static List<Named<Migrations>> everyUnitIsAppliedExactlyOnceAndNoReplicaFails() {
		return List.of(Named.of("liquibase", CHANGELOG), Named.of("flyway", SCRIPTS),
				Named.of("liquibase again", CHANGELOG));
	}

	@ParameterizedTest
	@MethodSource
	void everyUnitIsAppliedExactlyOnceAndNoReplicaFails(Migrations migrations, TestDatabase database,
			Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Fleet fleet = replicas.guarded(migrations).start(4);
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(migrations);
		assertThat(ledger.runners()).hasSize(1);
		assertThat(database.client().sql("select entry from journal order by entry").query(String.class).list())
			.containsExactly("first", "second");
		assertThat(fleet).allSatisfy((replica) -> assertThat(replica.awaitStarted().markers())
			.containsOnlyKeys("lifecycle", "scheduler", "runner")
			.containsValue("12")
			.doesNotContainValue("no"));
	}

}
