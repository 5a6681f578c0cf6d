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

package io.github.migrationguard.watch;

/**
 * What kind of session or transaction is in the way of a migration.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public enum BlockerKind {

	/**
	 * A session that has left a transaction open and executes nothing.
	 */
	IDLE_IN_TRANSACTION,

	/**
	 * A transaction that executes a statement or waits itself.
	 */
	LONG_TRANSACTION,

	/**
	 * A backup, such as {@code pg_dump}, which keeps its locks until it ends.
	 */
	BACKUP,

	/**
	 * An automatic vacuum, which the server cancels when it is in the way for longer than
	 * {@code deadlock_timeout}.
	 */
	AUTOVACUUM,

	/**
	 * An automatic vacuum that prevents the wraparound of transaction ids, which the
	 * server does not cancel.
	 */
	ANTI_WRAPAROUND_VACUUM,

	/**
	 * A prepared transaction, which has no session.
	 */
	PREPARED_TRANSACTION,

	/**
	 * Another session that builds an index.
	 */
	INDEX_BUILD,

	/**
	 * The migration of another guarded application.
	 */
	MIGRATION,

	/**
	 * No blocker: the commit waits for a synchronous standby.
	 */
	SYNC_REPLICATION,

	/**
	 * Not known, for example because the server hides what the session does.
	 */
	UNKNOWN

}
