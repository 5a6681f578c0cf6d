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

package io.github.migrationguard.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.testsupport.Replica;

/**
 * A replica that migrates and those that wait for it, as each engine is seen to wait.
 *
 * @author Migration Guard
 * @param migrating the one that migrates
 * @param waiters those that wait
 */
record Waiting(Replica migrating, List<Replica> waiters) {

	/**
	 * Sessions that have asked for Flyway's lock and do not hold it.
	 */
	private static final String ASKING = """
			select count(*) from pg_stat_activity a where datname = current_database()
			and pid <> pg_backend_pid() and query ilike '%pg_try_advisory%' and not exists (select from pg_locks l
			where l.pid = a.pid and l.locktype = 'advisory' and l.objsubid = 1 and l.granted)""";

	/**
	 * Sessions that have asked for the session lock or who holds it, which is all that
	 * they do while they wait, and do not hold it.
	 */
	private static final String ASKING_FOR_SESSION_LOCK = """
			select count(*) from pg_stat_activity a where datname = current_database() and usename <> 'postgres'
			and (query ilike '%pg_try_advisory_lock%' or query ilike '%pg_locks%') and not exists (select from pg_locks l
			where l.pid = a.pid and l.locktype = 'advisory' and l.objsubid = 2 and l.granted)""";

	private static final String GUARDED = """
			select count(*) from pg_stat_activity where datname = current_database()
			and application_name like 'mg:W:%'""";

	/**
	 * Start a replica, and others when it migrates, until these wait for it. So nothing
	 * depends on what becomes of replicas that start at the same moment.
	 * @param trial the trial
	 * @param workload the change sets
	 * @param count how many wait
	 * @param awaitMigrating what returns when the first one is where the others shall
	 * wait
	 */
	static Waiting start(Trial trial, Workload workload, int count, Runnable awaitMigrating) {
		Replica migrating = trial.start(workload, 1).get(0);
		awaitMigrating.run();
		List<Replica> waiters = trial.start(workload, count);
		List<Replica> replicas = new ArrayList<>(waiters);
		replicas.add(migrating);
		awaitAllButOne(trial, replicas);
		return new Waiting(migrating, waiters);
	}

	/**
	 * Wait until all but the one replica that migrates wait for it.
	 * @param trial the trial
	 * @param replicas all replicas
	 */
	static void awaitAllButOne(Trial trial, List<Replica> replicas) {
		int count = replicas.size() - 1;
		Trial.require("%d waiting replicas of %s".formatted(count, trial.engine()),
				() -> count(trial, replicas) >= count);
	}

	private static long count(Trial trial, List<Replica> replicas) {
		return switch (trial.engine()) {
			case LIQUIBASE -> replicas.stream().filter(Waiting::waitsForChangeLogLock).count();
			case LIQUIBASE_SESSIONLOCK -> sessions(trial, ASKING_FOR_SESSION_LOCK);
			case FLYWAY, FLYWAY_SESSION_LOCK -> sessions(trial, ASKING);
			case GUARDED_LIQUIBASE, GUARDED_FLYWAY -> sessions(trial, GUARDED);
		};
	}

	/**
	 * Return the replica that waits for none.
	 * @param trial the trial
	 * @param replicas all replicas
	 * @param pid the session that migrates
	 */
	static Replica migrating(Trial trial, List<Replica> replicas, int pid) {
		int port = trial.superuser()
			.sql("select client_port from pg_stat_activity where pid = ?")
			.param(pid)
			.query(Integer.class)
			.single();
		return replicas.stream()
			.filter((replica) -> ClientPorts.of(replica.process().pid()).contains(port))
			.findFirst()
			.orElseThrow();
	}

	static boolean waitsForChangeLogLock(Replica replica) {
		return replica.log().contains("Waiting for changelog lock");
	}

	private static long sessions(Trial trial, String sql) {
		return trial.superuser().sql(sql).query(Long.class).single();
	}

}
