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

package io.github.migrationguard.sample.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.migrationguard.sample.demo.MigrationsStatus.Attempt;
import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.MigrationsStatus.Current;
import io.github.migrationguard.sample.demo.MigrationsStatus.Holder;
import io.github.migrationguard.sample.demo.MigrationsStatus.Lock;
import io.github.migrationguard.sample.demo.MigrationsStatus.Migration;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;

/**
 * Replicas to show in tests.
 *
 * @author Migration Guard
 */
final class Snapshots {

	static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

	private static final Holder HOLDER = new Holder(4242, "orders/orders-1");

	private Snapshots() {
	}

	static ReplicaSnapshot migrating() {
		Current current = new Current("db/changelog/006-order-total.sql::backfill-order-total::orders",
				NOW.minusMillis(5100));
		return ReplicaSnapshot.started("orders-1", 8081)
			.answered(503, new Migration("MIGRATING", new Lock(Duration.ZERO, HOLDER),
					new Progress(8, 4, current, null, null), null, null));
	}

	static ReplicaSnapshot waiting() {
		return waiting(Duration.ofMillis(6234));
	}

	static ReplicaSnapshot waiting(Duration waitedFor) {
		return ReplicaSnapshot.started("orders-2", 8082)
			.answered(503, new Migration("WAITING", new Lock(waitedFor, HOLDER), new Progress(8, 4, null, null, null),
					null, null));
	}

	static ReplicaSnapshot ready() {
		return ReplicaSnapshot.started("orders-3", 8083)
			.answered(200, new Migration("UP_TO_DATE", new Lock(Duration.ofMillis(11_300), null),
					new Progress(12, 0, null, null, null), null, null));
	}

	static ReplicaSnapshot backingOff() {
		return backingOff(Duration.ofMillis(14_230));
	}

	static ReplicaSnapshot backingOff(Duration transactionAge) {
		Blocker blocker = new Blocker(999, "IDLE_IN_TRANSACTION", "psql", transactionAge, "AccessShareLock on orders");
		Attempt attempt = new Attempt(1, "db/changelog/006-order-total.sql::add-order-total::orders",
				Duration.ofMillis(612), "STALL", List.of(999));
		return ReplicaSnapshot.started("orders-1", 8081)
			.answered(503, new Migration("BACKING_OFF", new Lock(Duration.ZERO, HOLDER),
					new Progress(7, 5, null, null, null), List.of(blocker), List.of(attempt)));
	}

	static ReplicaSnapshot starting() {
		return ReplicaSnapshot.started("orders-4", 8084);
	}

	static ReplicaSnapshot exited() {
		return starting().exited(1);
	}

}
