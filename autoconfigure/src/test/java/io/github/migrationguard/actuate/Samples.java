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

package io.github.migrationguard.actuate;

import java.time.Instant;
import java.util.List;

import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one instance holds and others wait for.
 *
 * @author Migration Guard
 */
final class Samples {

	static final StartupPlan STARTUP = new StartupPlan(StartupMode.GATE,
			"nothing is known to read the schema while beans are created");

	static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");

	static final LockKey KEY = new LockKey(1296712786, -77120931, "public.databasechangeloglock");

	static final LockParticipant HOLDER = participant(4242, "orders/orders-7c9f-2", "alter table orders add total ?");

	static final LockParticipant STRANGER = participant(999, null, "select pg_advisory_lock(?, ?)");

	static final LockParticipant WAITER = participant(4250, "orders/orders-7c9f-0",
			"select pg_try_advisory_lock(?, ?)");

	private Samples() {
	}

	static LockParticipant participant(int pid, @Nullable String instance, String query) {
		return new LockParticipant(pid, instance, "orders", "10.1.2.3", NOW.minusSeconds(60), Activity.BLOCKED, query,
				null);
	}

	static ClusterSample sample(Instant sampledAt, LockParticipant holder, LockParticipant... waiters) {
		return new ClusterSample(new LockParticipants(holder, List.of(waiters), sampledAt), null, sampledAt);
	}

	static MigrationStatus.Lock lock(@Nullable Instant waitingSince, @Nullable ClusterSample sample) {
		return new MigrationStatus.Lock(KEY, waitingSince, null, null, null, sample);
	}

	static MigrationStatus status(String name, MigrationState state, MigrationStatus.@Nullable Lock lock) {
		return new MigrationStatus(name, "liquibase", state, NOW.minusSeconds(12), null, lock, null, null, null,
				MigrationStatus.Ddl.NONE);
	}

}
