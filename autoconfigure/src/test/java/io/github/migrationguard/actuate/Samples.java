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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.IndexBuild;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one instance holds and others wait for.
 *
 * @author Migration Guard
 */
final class Samples {

	static final StartupPlan STARTUP = new StartupPlan(StartupMode.GATE,
			"no statement is sent before the web server is started");

	static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");

	static final LockKey KEY = new LockKey(1296712786, -77120931, "public.databasechangeloglock");

	static final LockParticipant HOLDER = participant(4242, "orders/orders-7c9f-2", "alter table orders add total ?");

	static final LockParticipant STRANGER = participant(999, null, "select pg_advisory_lock(?, ?)");

	static final LockParticipant WAITER = participant(4250, "orders/orders-7c9f-0",
			"select pg_try_advisory_lock(?, ?)");

	/**
	 * An idle transaction on {@code orders}, for which a report waits, for which the
	 * migration waits, for which a web request waits.
	 */
	static final Blocker IDLE = new Blocker(999, "5/123", BlockerKind.IDLE_IN_TRANSACTION, false, true, "analyst",
			false, "psql", "10.9.9.9", "idle in transaction", Duration.ofMinutes(14).plusSeconds(3).plusNanos(4567891),
			"AccessShareLock on orders", "AccessExclusiveLock on orders", "select * from orders where id = 42",
			"Ask its owner to end the transaction", "select pg_terminate_backend(999)", null);

	static final Blocker HIDDEN = new Blocker(1000, "6/7", BlockerKind.UNKNOWN, true, false, "report", false, null,
			null, null, null, "AccessExclusiveLock on orders", "AccessExclusiveLock on orders", null,
			"Find out what it is", null, "\"orders-ro\"");

	static final Blocker PREPARED = new Blocker(null, null, BlockerKind.PREPARED_TRANSACTION, true, true, "shop", false,
			null, null, null, Duration.ofHours(2), "RowExclusiveLock on orders", "AccessExclusiveLock on orders", null,
			"Its coordinator has forgotten it", "rollback prepared 'xa-1'", null);

	static final Blocker OTHER_MIGRATION = new Blocker(777, "8/9", BlockerKind.MIGRATION, true, true, "billing", false,
			"mg:H:tot1vi:billing-1", "10.1.2.4", "active", Duration.ofSeconds(9), "ShareLock on orders",
			"AccessExclusiveLock on orders", "update orders set total = 7", "Let it end", null, null);

	static final QueuedSessions QUEUED = new QueuedSessions(37, Duration.ofMillis(1200),
			List.of(new QueuedSessions.Session(5001, "web", "orders-web", "AccessShareLock on orders",
					Duration.ofMillis(1200))));

	static final InvalidIndex INVALID = new InvalidIndex("public.orders_total", "public.orders",
			"CREATE INDEX orders_total ON public.orders USING btree (total)", true, false);

	static final MigrationStatus.Ddl DDL = new MigrationStatus.Ddl(blocked(List.of(PREPARED, HIDDEN, IDLE), null),
			List.of(new Attempt(1, "db/changelog/4.sql::add-total::alice", NOW.minusSeconds(10),
					Duration.ofMillis(2000).plusNanos(12345), Attempt.Outcome.LOCK_TIMEOUT, Duration.ofMillis(500),
					List.of(PREPARED, HIDDEN, IDLE)),
					new Attempt(2, "db/changelog/4.sql::add-total::alice", NOW.minusSeconds(1), null, null,
							Duration.ofSeconds(1), List.of())),
			Map.of(Attempt.Outcome.LOCK_TIMEOUT, 1), List.of());

	private Samples() {
	}

	static LockParticipant participant(int pid, @Nullable String instance, String query) {
		return new LockParticipant(pid, instance, "orders", "10.1.2.3", NOW.minusSeconds(60), Activity.BLOCKED, query,
				null, null, instance != null);
	}

	static ClusterSample sample(Instant sampledAt, LockParticipant holder, LockParticipant... waiters) {
		return new ClusterSample(new LockParticipants(holder, List.of(waiters), sampledAt), null, null, null,
				sampledAt);
	}

	static SessionSample blocked(List<Blocker> blockers, @Nullable IndexBuild build) {
		return new SessionSample(NOW, true, null, blockers, QUEUED, build);
	}

	static ClusterSample sample(SessionSample holder, InvalidIndex... invalidIndexes) {
		return new ClusterSample(new LockParticipants(HOLDER, List.of(WAITER), NOW), holder, List.of(invalidIndexes),
				null, NOW);
	}

	static MigrationStatus.Lock lock(@Nullable Instant waitingSince, @Nullable ClusterSample sample) {
		return new MigrationStatus.Lock(KEY, waitingSince, null, null, null, sample);
	}

	static MigrationStatus status(String name, MigrationState state, MigrationStatus.@Nullable Lock lock) {
		return new MigrationStatus(name, "liquibase", state, NOW.minusSeconds(12), null, lock, null, null, null,
				MigrationStatus.Ddl.NONE);
	}

}
