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

package io.github.migrationguard.blocked;

import java.time.Duration;
import java.util.List;

import io.github.migrationguard.testsupport.TestDatabase;

/**
 * Who waits for locks, as the server sees it.
 *
 * @author Migration Guard
 */
final class Waits {

	private static final String FIND = """
			select l.pid from pg_locks l join pg_stat_activity a using (pid)
			where not l.granted and a.datname = current_database() and a.application_name like :application
			and clock_timestamp() - l.waitstart > make_interval(secs => :seconds)""";

	private final TestDatabase database;

	Waits(TestDatabase database) {
		this.database = database;
	}

	/**
	 * Return whether the session of a guarded migration has been waiting for a lock for
	 * longer than the given time.
	 */
	boolean isMigrationWaitingLongerThan(Duration time) {
		return !find("mg:%", time).isEmpty();
	}

	/**
	 * Return whether a session has been waiting for a lock for longer than the given
	 * time.
	 */
	boolean isWaitingLongerThan(Duration time, String applicationName) {
		return !find(applicationName, time).isEmpty();
	}

	private List<Integer> find(String application, Duration time) {
		return this.database.superuser()
			.sql(FIND)
			.param("application", application)
			.param("seconds", time.toMillis() / 1000.0)
			.query(Integer.class)
			.list();
	}

}
