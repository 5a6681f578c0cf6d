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

package io.github.migrationguard;

import java.util.List;
import java.util.stream.Stream;

/**
 * The state of a guarded migration.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public enum MigrationState {

	/**
	 * Not started yet.
	 */
	PENDING,

	/**
	 * Connects to the database, or waits until it can be reached.
	 */
	CONNECTING,

	/**
	 * Looks at what is pending: reads the files and the history of the tool.
	 */
	LOOKING,

	/**
	 * Waits for the advisory lock that another session holds.
	 */
	WAITING,

	/**
	 * Holds the advisory lock and waits for the tool's own lock, which somebody who is
	 * not guarded holds.
	 */
	WAITING_FOR_CHANGELOG_LOCK,

	/**
	 * Holds the lock and migrates.
	 */
	MIGRATING,

	/**
	 * Holds the lock and waits to try a blocked unit again.
	 */
	BACKING_OFF,

	/**
	 * Done: the migration ran.
	 */
	COMPLETED,

	/**
	 * Done: nothing was left to do.
	 */
	UP_TO_DATE,

	/**
	 * The migration failed.
	 */
	FAILED,

	/**
	 * The application was stopped before the migration was done.
	 */
	ABORTED,

	/**
	 * Nothing to guard: switched off in the tool itself, or not a PostgreSQL database.
	 */
	SKIPPED,

	/**
	 * Runs without a guard, although its database is PostgreSQL: other instances may
	 * migrate at the same time.
	 */
	UNGUARDED;

	/**
	 * Return whether nothing more is to be waited for, so that work may start.
	 * @return whether the schema is known to be there, or cannot be known to be
	 */
	public boolean isDone() {
		return this == COMPLETED || this == UP_TO_DATE || this == SKIPPED || this == UNGUARDED;
	}

	/**
	 * Return the state of an application. Its migrations run one after the other, so the
	 * first that is not done is the one that matters.
	 * @param states the states of its migrations, in the order in which they run
	 * @return the state of all of them
	 */
	public static MigrationState of(List<MigrationState> states) {
		return states.stream()
			.filter((state) -> !state.isDone())
			.findFirst()
			.orElseGet(() -> Stream.of(UNGUARDED, COMPLETED).filter(states::contains).findFirst().orElse(UP_TO_DATE));
	}

}
