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
import java.util.List;
import java.util.concurrent.locks.Lock;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * A bean that migrates a database with a migration tool, made guardable. Implemented once
 * per tool.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public interface Migrator {

	/**
	 * Return the name of the migration: that of the bean, with a suffix where one bean
	 * makes several.
	 * @return the name
	 */
	String getName();

	/**
	 * Return the name of the bean that this migrator belongs to, where one bean makes
	 * several. Metrics tell groups apart, not the migrators of a group: there may be
	 * hundreds.
	 * @return the name of the group
	 */
	default String getGroup() {
		return getName();
	}

	/**
	 * Return the name of the tool, for example {@code liquibase}.
	 * @return the tool
	 */
	String getTool();

	/**
	 * Return the tool's own {@link DataSource}.
	 * @return the data source
	 */
	DataSource getDataSource();

	/**
	 * Return whether the user switched this migrator off in the tool itself.
	 * @return whether it will do nothing
	 */
	boolean isSwitchedOff();

	/**
	 * Run exactly as without this library.
	 * @throws Exception if the tool fails
	 */
	void runUnguarded() throws Exception;

	/**
	 * Return whether it is for code of the user to decide whether the database is needed
	 * at all, so that the migrator may do without one that cannot be reached.
	 * @return whether {@link #runWithoutDatabase(SQLException)} is to be tried
	 */
	default boolean isDatabaseOptional() {
		return false;
	}

	/**
	 * Run while the database cannot be reached.
	 * @param unreachable what everybody gets who asks for a connection
	 * @return {@code false} if that was not possible
	 * @throws Exception if it failed, but not for want of a connection
	 */
	default boolean runWithoutDatabase(SQLException unreachable) throws Exception {
		return false;
	}

	/**
	 * See what is pending, without side effects and without a lock.
	 * @param connection the connection to look through; its {@code close()} is suppressed
	 * @return what was seen
	 * @throws Exception if the tool fails
	 */
	MigrationLook look(Connection connection) throws Exception;

	/**
	 * See what an instance has to wait for that never migrates itself: what is pending,
	 * also where a run of the tool would do more than applying that.
	 * @param connection the connection to look through; its {@code close()} is suppressed
	 * @return what was seen, never of the certainty {@code ALWAYS}
	 * @throws Exception if the tool fails
	 */
	default MigrationLook lookAsWaiter(Connection connection) throws Exception {
		return look(connection);
	}

	/**
	 * Find the beans that will run the same tool and are not created yet. They may know
	 * what the history holds and this migrator does not.
	 * @return the names of the beans
	 */
	default List<String> findLaterBeans() {
		return List.of();
	}

	/**
	 * Find a lock of the tool itself that a stranger holds at this moment.
	 * @param connection a connection in autocommit mode
	 * @param target what the migrator works on
	 * @return the lock, or {@code null} if the tool can run
	 * @throws SQLException if the database cannot be asked
	 */
	default @Nullable ToolLock findForeignLock(Connection connection, MigrationTarget target) throws SQLException {
		return null;
	}

	/**
	 * Clean up what a dead guarded holder left behind, called with the advisory lock
	 * held.
	 * @param connection a connection in autocommit mode
	 * @param target what the migrator works on
	 * @throws SQLException if the database cannot be asked
	 */
	default void releaseStaleLock(Connection connection, MigrationTarget target) throws SQLException {
	}

	/**
	 * Called when nothing more is looked at or migrated: forget what was kept for that.
	 */
	default void forget() {
	}

	/**
	 * Called when the migration is done and its session was closed or given back: for
	 * what the tool does with its data source after a run.
	 */
	default void afterRun() {
	}

	/**
	 * Return the lock that keeps runs apart which must not happen at once in one JVM.
	 * @return the lock, or {@code null} if the tool needs none
	 */
	default @Nullable Lock getJvmLock() {
		return null;
	}

	/**
	 * Migrate on the connection of the given run.
	 * @param run the run
	 * @throws ToolLockTakenException if a stranger took the tool's own lock meanwhile
	 * @throws Exception if the tool fails
	 */
	void migrate(GuardedRun run) throws Exception;

}
