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

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Fleet;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what users configure at their data source: it must hold for the migrations
 * too, except for what would kill them.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class DataSourceReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(2).changeSet("slow", "select pg_sleep(1)");

	@Test
	void poolOfOneConnectionIsEnough(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Fleet fleet = replicas.guarded(CHANGELOG).property("spring.datasource.hikari.maximum-pool-size", 1).start(2);
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
	}

	@Test
	void roleSetByInitSqlOwnsWhatIsCreated(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		String owner = database.createRole("schema_owner", "nologin");
		database.superuser().sql("grant %s to %s".formatted(owner, database.username())).update();
		database.superuser().sql("grant create, usage on schema public to %s".formatted(owner)).update();
		Fleet fleet = replicas.guarded(CHANGELOG)
			.property("spring.datasource.hikari.connection-init-sql", "set role " + owner)
			.start(2);
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThat(database.superuser()
			.sql("select distinct tableowner from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).containsExactly(owner);
	}

	@Test
	void socketTimeoutDoesNotEndLongChangeSet(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Changelog changelog = Changelog.ofTables(1)
			.changeSet("ten-seconds", "create table ten_seconds (id int); select pg_sleep(10)");
		Fleet fleet = replicas.guarded(changelog)
			.property("spring.datasource.url", database.url() + "?socketTimeout=5")
			.start(2);
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(changelog);
	}

	@Test
	void databaseWithoutFreeSlotIsAwaited(TestDatabase database, Replicas replicas) {
		database.superuser().sql("alter database %s connection limit 0".formatted(database.name())).update();
		Replica replica = replicas.guarded(CHANGELOG)
			.property("spring.datasource.hikari.connection-timeout", 500)
			.start()
			.awaitState("CONNECTING");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		database.superuser().sql("alter database %s connection limit -1".formatted(database.name())).update();
		replica.awaitReady();
	}

	@Test
	void sessionSettingHoldsForTheRunOnly(TestDatabase database, Replicas replicas) {
		Changelog changelog = Changelog.empty()
			.changeSet("seen", "create table seen as select current_setting('work_mem') as work_mem, "
					+ "current_setting('statement_timeout') as statement_timeout");
		replicas.guarded(changelog)
			.property("spring.datasource.hikari.maximum-pool-size", 1)
			.property("spring.datasource.hikari.connection-init-sql", "set statement_timeout = '7s'")
			.property("migration-guard.session.settings.work_mem", "7MB")
			.start()
			.awaitReady()
			.awaitStarted();
		assertThat(database.client().sql("select work_mem, statement_timeout from seen").query().singleRow())
			.containsEntry("work_mem", "7MB")
			.containsEntry("statement_timeout", "0");
	}

}
