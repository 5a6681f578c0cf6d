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

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Migrator} gets to migrate with, and whom it tells what it does. All
 * methods are called on the thread that runs the migration.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public interface GuardedRun {

	/**
	 * Return a data source that gives the one session of the run to the tool, on the
	 * thread that runs it. Code of the user and other threads get what the tool's own
	 * data source gives them.
	 * @return the data source
	 */
	DataSource getDataSource();

	/**
	 * Open a connection on the session of the run, which is in no transaction.
	 * @return the connection
	 * @throws SQLException if the session is lost
	 */
	Connection openConnection() throws SQLException;

	/**
	 * Return the name of this instance.
	 * @return the instance
	 */
	String getInstance();

	/**
	 * Return what the migrator works on, as its last look found it.
	 * @return the target
	 */
	MigrationTarget getTarget();

	/**
	 * Return the key of the lock that is held.
	 * @return the key
	 */
	LockKey getLockKey();

	/**
	 * Return the backend of the session.
	 * @return the backend
	 */
	Backend getBackend();

	/**
	 * Called before a unit: checks that the lock is still held and that the application
	 * has not been stopped.
	 * @param unit the id of the unit
	 * @param commit how what the unit does is committed
	 * @throws MigrationException if the unit must not start
	 */
	void unitStarts(String unit, UnitCommit commit);

	/**
	 * Called before a step of the current unit: from now on its statements are the
	 * migration's own, and commits that are to be withheld are withheld.
	 * @param ownCommits whether the step is code of the user, whose commits are its own
	 */
	void stepStarts(boolean ownCommits);

	/**
	 * Called after a step of the current unit: from now on statements are the tool's.
	 */
	void stepEnds();

	/**
	 * Called after a step of the current unit failed: from now on statements are the
	 * tool's, with which it records the failure.
	 */
	void stepFails();

	/**
	 * Called before the tool records a failure or tells others of it. One that is nothing
	 * but a lock that was not to be had is none if the unit is tried again: it must leave
	 * no trace.
	 * @throws MigrationException if the run of the tool has to end, to be started again
	 */
	void checkFailure();

	/**
	 * Called before the tool draws a conclusion from an error, such as to skip a unit:
	 * the error may be nothing but a cancelled statement or a lock that was not to be
	 * had.
	 * @throws MigrationException if the run has to end
	 */
	void checkConclusion();

	/**
	 * Called after a failure that may be nothing but the loss of the lock.
	 * @throws LockLostException if the lock is not held any more
	 * @throws MigrationFailedException if the database cannot be asked
	 */
	void checkLock();

	/**
	 * Called after a unit was applied and recorded: commits an atomic one.
	 * @param unit the id of the unit
	 */
	void unitApplied(String unit);

	/**
	 * Called after a unit failed and was rolled back.
	 * @param unit the id of the unit
	 * @param failure why it failed, or {@code null} if the tool ignored the failure
	 */
	void unitFailed(String unit, @Nullable Throwable failure);

	/**
	 * Return whether the unit that failed last, which is not transactional, has changed
	 * nothing, apart from an invalid index, so that it can be applied as if it had never
	 * been started.
	 * @return whether what the tool has recorded of the failure is to be forgotten
	 */
	boolean isUndone();

	/**
	 * Called when no further unit is applied and everything uncommitted was rolled back:
	 * commits are real again.
	 */
	void unitsEnd();

}
