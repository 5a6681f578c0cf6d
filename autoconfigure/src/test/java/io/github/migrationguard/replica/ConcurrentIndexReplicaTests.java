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
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code create index concurrently}, which waits for every snapshot in the
 * database, while other replicas wait.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class ConcurrentIndexReplicaTests {

	private static final Changelog CHANGELOG = Changelog.empty()
		.changeSet("orders", "create table orders (id int); insert into orders select generate_series(1, 20000)")
		.gate("waiters")
		.changeSet("orders-id", "runInTransaction:false", "create index concurrently orders_id on orders (id)");

	private static final FlywayScripts SCRIPTS = FlywayScripts.empty()
		.versioned("orders", "create table orders (id int); insert into orders select generate_series(1, 20000)")
		.gate("waiters")
		.nonTransactional("orders_id", "create index concurrently orders_id on orders (id)");

	static List<Named<Migrations>> indexIsBuiltWhileThreeReplicasWait() {
		return List.of(Named.of("liquibase", CHANGELOG), Named.of("flyway", SCRIPTS));
	}

	@ParameterizedTest
	@MethodSource
	void indexIsBuiltWhileThreeReplicasWait(Migrations migrations, TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("waiters");
		Fleet fleet = replicas.guarded(migrations).start(4);
		fleet.awaitOneMigratingOthersWaiting();
		gate.awaitArrival();
		gate.open();
		fleet.awaitReady();
		ledger.assertAppliedExactlyOnce(migrations);
		assertThat(database.client()
			.sql("select indisvalid from pg_index where indexrelid = 'orders_id'::regclass")
			.query(Boolean.class)
			.single()).isTrue();
	}

}
