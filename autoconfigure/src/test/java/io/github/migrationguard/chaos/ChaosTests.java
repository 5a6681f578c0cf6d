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

package io.github.migrationguard.chaos;

import java.time.Duration;
import java.util.Map;
import java.util.Random;

import io.github.migrationguard.testsupport.PostgresServer;
import io.github.migrationguard.testsupport.ReplicaHosts;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests for rollouts during which random faults happen. The system property
 * {@code migration-guard.tests.chaos.rounds} tells how many,
 * {@code migration-guard.tests.chaos.seed} repeats the one round that was printed with
 * it.
 *
 * @author Migration Guard
 */
class ChaosTests {

	private static final Log logger = LogFactory.getLog(ChaosTests.class);

	private static final int ROUNDS = Integer.getInteger("migration-guard.tests.chaos.rounds", 10);

	private static final Long SEED = Long.getLong("migration-guard.tests.chaos.seed");

	private static PostgresServer server;

	private static ReplicaHosts hosts;

	@BeforeAll
	static void start() {
		server = PostgresServer.start("chaos", Map.of());
		hosts = new ReplicaHosts(ChaosTests.class);
	}

	@AfterAll
	static void stop() {
		hosts.close();
		server.close();
	}

	@Test
	void everyReplicaBecomesReadyAndEveryUnitIsAppliedOnce() {
		Random seeds = new Random();
		for (int round = 1; round <= ((SEED != null) ? 1 : ROUNDS); round++) {
			run((SEED != null) ? SEED : seeds.nextInt(Integer.MAX_VALUE));
		}
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "server restarted while a replica becomes ready,1244021459",
			"stock Flyway records on another session than it migrates on,2028899571",
			"sessions take turns after a unit dropped the lock,2103779449",
			"server crashed when an index was built and not recorded,126086800",
			"server crashed before the change log lock was released,1085496092" })
	void roundThatHasFailedOnceSucceeds(String what, long seed) {
		run(seed);
	}

	private void run(long seed) {
		long start = System.nanoTime();
		ChaosPlan plan = ChaosPlan.of(seed);
		try (ChaosRound round = new ChaosRound(plan, server, hosts)) {
			try {
				round.run();
			}
			catch (Throwable ex) {
				throw new AssertionError("-Dmigration-guard.tests.chaos.seed=%d%n%s".formatted(seed, round), ex);
			}
		}
		logger.info("%s in %s".formatted(plan, Duration.ofNanos(System.nanoTime() - start)));
	}

}
