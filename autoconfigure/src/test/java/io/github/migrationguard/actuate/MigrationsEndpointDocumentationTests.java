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
import java.util.List;
import java.util.Map;

import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.ToolLock;
import io.github.migrationguard.actuate.MigrationsDescriptor.StartupDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.watch.IndexBuild;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the JSON of {@link MigrationsEndpoint}, which is a contract.
 *
 * @author Migration Guard
 */
class MigrationsEndpointDocumentationTests {

	private static final String WAITING = """
			{
			  "state" : "WAITING",
			  "instance" : "orders/orders-7c9f-0",
			  "startup" : {
			    "mode" : "gate",
			    "reason" : "no statement is sent before the web server is started"
			  },
			  "sampledAt" : "2026-03-04T05:06:07.390Z",
			  "migrations" : {
			    "liquibase" : {
			      "tool" : "liquibase",
			      "role" : "migrate",
			      "state" : "WAITING",
			      "since" : "2026-03-04T05:05:55.590Z",
			      "summary" : "Blocked. By whom is not known at this moment.",
			      "database" : {
			        "product" : "PostgreSQL 17.6",
			        "url" : "jdbc:postgresql://db/orders",
			        "history" : "public.databasechangelog"
			      },
			      "lock" : {
			        "key" : [ 1296712786, -77120931 ],
			        "name" : "public.databasechangeloglock",
			        "waitedFor" : "PT12.3S",
			        "timeoutAt" : "2026-03-04T05:36:07.890Z",
			        "sampledAt" : "2026-03-04T05:06:07.390Z",
			        "holder" : {
			          "pid" : 4242,
			          "instance" : "orders/orders-7c9f-2",
			          "user" : "orders",
			          "clientAddress" : "10.1.2.3",
			          "since" : "2026-03-04T05:05:07.890Z",
			          "activity" : "BLOCKED",
			          "query" : "alter table orders add total ?"
			        },
			        "waiters" : [ {
			          "pid" : 4250,
			          "instance" : "orders/orders-7c9f-0",
			          "user" : "orders",
			          "clientAddress" : "10.1.2.3",
			          "since" : "2026-03-04T05:05:07.890Z"
			        } ]
			      },
			      "progress" : {
			        "applied" : 3,
			        "pending" : 9,
			        "recurring" : 1,
			        "pendingUnits" : [ "db/changelog/4.sql::add-total::alice" ]
			      },
			      "unknownUnits" : [ "db/changelog/9.sql::drop-total::alice" ]
			    }
			  }
			}""";

	private static final String HOLDING_WITH_CHANGELOG_LOCK = """
			{
			  "tool" : "liquibase",
			  "role" : "migrate",
			  "state" : "WAITING_FOR_CHANGELOG_LOCK",
			  "since" : "2026-03-04T05:06:07.890Z",
			  "summary" : "Waits for the lock of somebody who is not guarded.",
			  "lock" : {
			    "key" : [ 1296712786, -77120931 ],
			    "name" : "public.databasechangeloglock",
			    "waitedFor" : "PT0.5S",
			    "timeoutAt" : "2026-03-04T05:07:07.890Z",
			    "acquiredAt" : "2026-03-04T05:06:06.890Z",
			    "sampledAt" : "2026-03-04T05:06:07.890Z",
			    "holder" : {
			      "pid" : 4242,
			      "instance" : "orders/orders-7c9f-2",
			      "user" : "owner",
			      "activity" : "IDLE",
			      "hidden" : "The database hides what this session does: grant pg_monitor to \\"orders-ro\\""
			    },
			    "waiters" : [ ]
			  },
			  "changelogLock" : {
			    "table" : "public.databasechangeloglock",
			    "lockedBy" : "orders-old-5 (10.1.2.9)",
			    "since" : "2026-03-04T04:06:07.890Z",
			    "remedy" : "update \\"public\\".\\"databasechangeloglock\\" set locked = false"
			  }
			}""";

	private static final String BLOCKED = """
			{
			  "tool" : "liquibase",
			  "role" : "migrate",
			  "state" : "MIGRATING",
			  "since" : "2026-03-04T05:06:07.890Z",
			  "summary" : "Blocked by a prepared transaction, pid 1000 (unknown), and 37 sessions wait behind it; at the root is pid 999 (idle in transaction).",
			  "progress" : {
			    "applied" : 3,
			    "pending" : 9,
			    "recurring" : 0,
			    "current" : {
			      "id" : "db/changelog/4.sql::add-total::alice",
			      "startedAt" : "2026-03-04T05:06:07.890Z"
			    }
			  },
			  "blockers" : [ {
			    "kind" : "PREPARED_TRANSACTION",
			    "direct" : true,
			    "root" : true,
			    "user" : "shop",
			    "transactionAge" : "PT2H",
			    "holds" : "RowExclusiveLock on orders",
			    "waitingFor" : "AccessExclusiveLock on orders",
			    "advice" : "Its coordinator has forgotten it",
			    "remedy" : "rollback prepared 'xa-1'"
			  }, {
			    "pid" : 1000,
			    "kind" : "UNKNOWN",
			    "direct" : true,
			    "root" : false,
			    "user" : "report",
			    "holds" : "AccessExclusiveLock on orders",
			    "waitingFor" : "AccessExclusiveLock on orders",
			    "advice" : "Find out what it is",
			    "hidden" : "The database hides what this session does: grant pg_monitor to \\"orders-ro\\""
			  }, {
			    "pid" : 999,
			    "kind" : "IDLE_IN_TRANSACTION",
			    "direct" : false,
			    "root" : true,
			    "user" : "analyst",
			    "applicationName" : "psql",
			    "clientAddress" : "10.9.9.9",
			    "state" : "idle in transaction",
			    "transactionAge" : "PT14M3.004S",
			    "holds" : "AccessShareLock on orders",
			    "waitingFor" : "AccessExclusiveLock on orders",
			    "query" : "select * from orders where id = ?",
			    "advice" : "Ask its owner to end the transaction",
			    "remedy" : "select pg_terminate_backend(999)"
			  } ],
			  "queuedBehind" : {
			    "sessions" : 37,
			    "longestWait" : "PT1.2S",
			    "first" : [ {
			      "pid" : 5001,
			      "user" : "web",
			      "applicationName" : "orders-web",
			      "waitingFor" : "AccessShareLock on orders",
			      "waitedFor" : "PT1.2S"
			    } ]
			  },
			  "attempts" : [ {
			    "number" : 1,
			    "startedAt" : "2026-03-04T05:05:57.890Z",
			    "took" : "PT2S",
			    "outcome" : "LOCK_TIMEOUT",
			    "unit" : "db/changelog/4.sql::add-total::alice",
			    "maxStall" : "PT0.5S",
			    "blockers" : [ 1000, 999 ]
			  }, {
			    "number" : 2,
			    "startedAt" : "2026-03-04T05:06:06.890Z",
			    "unit" : "db/changelog/4.sql::add-total::alice",
			    "maxStall" : "PT1S",
			    "blockers" : [ ]
			  } ]
			}""";

	private static final String BUILDING_INDEX_ELSEWHERE = """
			{
			  "tool" : "liquibase",
			  "role" : "migrate",
			  "state" : "UP_TO_DATE",
			  "since" : "2026-03-04T05:06:07.890Z",
			  "summary" : "Done. Nobody migrates.",
			  "progress" : {
			    "applied" : 12,
			    "pending" : 0,
			    "recurring" : 0,
			    "phase" : "building index: scanning table",
			    "percent" : 62
			  },
			  "blockers" : [ ],
			  "queuedBehind" : {
			    "sessions" : 0
			  },
			  "invalidIndexes" : [ {
			    "name" : "public.orders_total",
			    "table" : "public.orders",
			    "definition" : "CREATE INDEX orders_total ON public.orders USING btree (total)",
			    "remedy" : "drop index concurrently public.orders_total"
			  } ]
			}""";

	private static final String MIGRATING_WITHOUT_ANSWER = """
			{
			  "tool" : "liquibase",
			  "role" : "migrate",
			  "state" : "MIGRATING",
			  "since" : "2026-03-04T05:06:07.890Z",
			  "summary" : "The database cannot be asked: Connection refused",
			  "lock" : {
			    "key" : [ 1296712786, -77120931 ],
			    "name" : "public.databasechangeloglock",
			    "waitedFor" : "PT2M3.456S",
			    "acquiredAt" : "2026-03-04T05:06:07.890Z"
			  },
			  "progress" : {
			    "applied" : 3,
			    "pending" : 9,
			    "recurring" : 0,
			    "current" : {
			      "id" : "db/changelog/4.sql::add-total::alice",
			      "startedAt" : "2026-03-04T05:06:07.890Z"
			    }
			  },
			  "cluster" : {
			    "unavailable" : "Connection refused"
			  }
			}""";

	private static final String FAILED = """
			{
			  "tool" : "liquibase",
			  "role" : "migrate",
			  "state" : "FAILED",
			  "since" : "2026-03-04T05:06:07.890Z",
			  "summary" : "The migration has failed.",
			  "error" : {
			    "message" : "ERROR: column \\"total\\" already exists",
			    "sqlState" : "42701",
			    "unit" : "db/changelog/4.sql::add-total::alice"
			  }
			}""";

	private final MigrationDescriber describer = new MigrationDescriber(MigrationRole.MIGRATE, Queries.GUARDED,
			Samples.NOW);

	@Test
	void waiting() {
		ClusterSample sample = Samples.sample(Samples.NOW.minusMillis(500), Samples.HOLDER, Samples.WAITER);
		MigrationStatus.Lock lock = new MigrationStatus.Lock(Samples.KEY, Samples.NOW.minusMillis(12300), null,
				Samples.NOW.plusSeconds(1800), null, sample);
		MigrationStatus status = new MigrationStatus("liquibase", "liquibase", MigrationState.WAITING,
				Samples.NOW.minusMillis(12300),
				new MigrationStatus.Database("PostgreSQL 17.6", "jdbc:postgresql://db/orders",
						"public.databasechangelog"),
				lock, new MigrationStatus.Progress(3, 9, 1, null, null, List.of("db/changelog/4.sql::add-total::alice"),
						List.of("db/changelog/9.sql::drop-total::alice")),
				null, null, MigrationStatus.Ddl.NONE);
		MigrationsDescriptor descriptor = new MigrationsDescriptor(MigrationState.WAITING, "orders/orders-7c9f-0",
				new StartupDescriptor("gate", Samples.STARTUP.reason()), sample.sampledAt(),
				Map.of("liquibase", this.describer.describe(status, sample)));
		assertJson(descriptor, WAITING);
	}

	@Test
	void waitingForChangelogLockOfStranger() {
		LockParticipant holder = new LockParticipant(4242, "orders/orders-7c9f-2", "owner", null, null, Activity.IDLE,
				null, "\"orders-ro\"", null, true);
		MigrationStatus.Lock lock = new MigrationStatus.Lock(Samples.KEY, Samples.NOW.minusMillis(500), null,
				Samples.NOW.plusSeconds(60), Samples.NOW.minusSeconds(1), null);
		ToolLock toolLock = new ToolLock("public.databasechangeloglock", "orders-old-5 (10.1.2.9)",
				Samples.NOW.minusSeconds(3600), "update \"public\".\"databasechangeloglock\" set locked = false");
		MigrationStatus status = new MigrationStatus("liquibase", "liquibase",
				MigrationState.WAITING_FOR_CHANGELOG_LOCK, Samples.NOW, null, lock, null, toolLock, null,
				MigrationStatus.Ddl.NONE);
		assertJson(this.describer.describe(status, Samples.sample(Samples.NOW, holder)), HOLDING_WITH_CHANGELOG_LOCK);
	}

	@Test
	void blocked() {
		MigrationStatus status = new MigrationStatus("liquibase", "liquibase", MigrationState.MIGRATING, Samples.NOW,
				null, null, new MigrationStatus.Progress(3, 9, 0, "db/changelog/4.sql::add-total::alice", Samples.NOW,
						List.of(), List.of()),
				null, null, Samples.DDL);
		MigrationDescriber describer = new MigrationDescriber(MigrationRole.MIGRATE, Queries.ALL, Samples.NOW);
		assertJson(describer.describe(status, null), BLOCKED);
	}

	@Test
	void otherInstanceBuildsIndex() {
		MigrationStatus status = new MigrationStatus("liquibase", "liquibase", MigrationState.UP_TO_DATE, Samples.NOW,
				null, null, new MigrationStatus.Progress(12, 0, 0, null, null, List.of(), List.of()), null, null,
				MigrationStatus.Ddl.NONE);
		SessionSample holder = new SessionSample(Samples.NOW, true, null, List.of(), QueuedSessions.NONE,
				new IndexBuild("building index: scanning table", 62));
		InvalidIndex beingBuilt = new InvalidIndex("public.orders_date", "public.orders", "CREATE INDEX ...", true,
				true);
		ClusterSample sample = new ClusterSample(null, holder, List.of(Samples.INVALID, beingBuilt), null, Samples.NOW);
		assertJson(this.describer.describe(status, sample), BUILDING_INDEX_ELSEWHERE);
	}

	@Test
	void migratingWhileDatabaseCannotBeAsked() {
		MigrationStatus.Lock lock = new MigrationStatus.Lock(Samples.KEY, null, Duration.ofNanos(123456789012L), null,
				Samples.NOW, null);
		MigrationStatus status = new MigrationStatus("liquibase", "liquibase", MigrationState.MIGRATING, Samples.NOW,
				null, lock, new MigrationStatus.Progress(3, 9, 0, "db/changelog/4.sql::add-total::alice", Samples.NOW,
						List.of(), List.of()),
				null, null, MigrationStatus.Ddl.NONE);
		assertJson(this.describer.describe(status, ClusterSample.unavailable("Connection refused", Samples.NOW)),
				MIGRATING_WITHOUT_ANSWER);
	}

	@Test
	void failed() {
		MigrationStatus.Failure failure = new MigrationStatus.Failure(
				"ERROR: column \"total\" already exists\n  Detail: secret", "42701",
				"db/changelog/4.sql::add-total::alice");
		MigrationStatus status = new MigrationStatus("liquibase", "liquibase", MigrationState.FAILED, Samples.NOW, null,
				null, null, null, failure, MigrationStatus.Ddl.NONE);
		assertJson(this.describer.describe(status, null), FAILED);
	}

	/**
	 * The mapper that Actuator has for itself, and one that an application with other
	 * wishes may let it use instead.
	 */
	private static void assertJson(Object descriptor, String expected) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JacksonEndpointAutoConfiguration.class))
			.run((context) -> assertThat(write(context.getBean(EndpointJsonMapper.class).get(), descriptor))
				.isEqualTo(expected));
		JsonMapper jsonMapper = JsonMapper.builder()
			.enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
			.build();
		assertThat(write(jsonMapper, descriptor)).isEqualTo(expected);
	}

	private static String write(JsonMapper jsonMapper, Object descriptor) {
		return jsonMapper.rebuild()
			.enable(SerializationFeature.INDENT_OUTPUT)
			.build()
			.writeValueAsString(descriptor)
			.replace(System.lineSeparator(), "\n");
	}

}
