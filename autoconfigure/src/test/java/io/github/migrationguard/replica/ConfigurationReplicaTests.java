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
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.testsupport.WarmReplicas;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for wrong configuration: refused, or reported with the property or cause named,
 * and without any trace in the database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
@WarmReplicas
class ConfigurationReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(1);

	@Test
	void negativeWaitTimeoutIsRefused(TestDatabase database, Replicas replicas) {
		assertThatStartFails(database, replicas.guarded(CHANGELOG).property("migration-guard.lock.wait-timeout", "-1s"),
				"migration-guard.lock.wait-timeout");
	}

	@Test
	void unknownFailureModeIsRefused(TestDatabase database, Replicas replicas) {
		assertThatStartFails(database, replicas.guarded(CHANGELOG).property("migration-guard.on-failure", "explode"),
				"migration-guard.on-failure", "explode", "EXIT", "STAY_UP");
	}

	@Test
	void unknownSessionSettingIsReported(TestDatabase database, Replicas replicas) {
		assertThatStartFails(database,
				replicas.guarded(CHANGELOG).property("migration-guard.session.settings.no_such_setting", "on"),
				"migration-guard.session.settings", "no_such_setting");
	}

	@Test
	void wrongValueOfSessionSettingIsReported(TestDatabase database, Replicas replicas) {
		assertThatStartFails(database,
				replicas.guarded(CHANGELOG).property("migration-guard.session.settings.work_mem", "plenty"),
				"migration-guard.session.settings", "work_mem", "plenty");
	}

	@Test
	void roleThatMayNotConnectIsReportedAtOnce(TestDatabase database, Replicas replicas) {
		String stranger = database.createRole("stranger", "login");
		database.superuser().sql("revoke connect on database %s from public".formatted(database.name())).update();
		assertThatStartFails(database,
				replicas.guarded(CHANGELOG)
					.connectAs(stranger)
					.property("spring.datasource.hikari.connection-timeout", 1000),
				"permission denied for database", "42501", "grant connect");
	}

	private static void assertThatStartFails(TestDatabase database, ReplicaBuilder builder, String... named) {
		Replica replica = builder.start();
		assertThat(replica.awaitExit()).isPositive().isNotEqualTo(143);
		assertThat(replica.log()).contains("APPLICATION FAILED TO START").contains(named);
		assertThat(replica.markers()).isEmpty();
		assertThat(database.sessions()).isEmpty();
		assertThat(database.superuser()
			.sql("select count(*) from pg_tables where schemaname = 'public'")
			.query(Integer.class)
			.single()).isZero();
	}

}
