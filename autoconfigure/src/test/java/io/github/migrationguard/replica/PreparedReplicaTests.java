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
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a replica has prepared before its migrations are done.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class PreparedReplicaTests {

	private static final String MBEAN_SERVER = "com.sun.jmx.mbeanserver.JmxMBeanServer source:";

	@Test
	void metricsOfTomcatFindTheMBeanServer(TestDatabase database, Replicas replicas) {
		Gate gate = Ledger.install(database).close("last");
		Replica replica = replicas.guarded(Changelog.ofTables(1).gate("last"))
			.jvmOption("-Xlog:class+load:stdout")
			.start();
		gate.awaitArrival();
		replica.awaitLog(MBEAN_SERVER);
		assertThat(replica.readiness()).isEqualTo(503);
		gate.open();
		replica.awaitReady();
	}

}
