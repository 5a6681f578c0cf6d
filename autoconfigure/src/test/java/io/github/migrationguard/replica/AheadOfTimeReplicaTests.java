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

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A replica of an application that was processed ahead of time.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class AheadOfTimeReplicaTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(2).gate("middle").changeSet("last", "select 1");

	@Test
	void everythingIsThereAsWithoutProcessing(TestDatabase database, Replicas replicas) {
		Ledger ledger = Ledger.install(database);
		Gate gate = ledger.close("middle");
		Replica replica = replicas.guarded(CHANGELOG).aheadOfTime().start().awaitState("MIGRATING");
		gate.awaitArrival();
		assertThat(replica.log()).contains("Starting AOT-processed TestApplication");
		assertThat(replica.liveness()).isEqualTo(200);
		assertThat(replica.readiness()).isEqualTo(503);
		assertThat(replica.hello().statusCode()).isEqualTo(503);
		Awaiting.await("the holder")
			.until(() -> replica.migration().at("/lock/holder/instance").asString(""), replica.name()::equals);
		assertThat(replica.markers()).isEmpty();
		gate.open();
		replica.awaitReady();
		ledger.assertAppliedExactlyOnce(CHANGELOG);
		assertThat(replica.awaitStarted().markers().values()).containsOnly("4");
	}

}
