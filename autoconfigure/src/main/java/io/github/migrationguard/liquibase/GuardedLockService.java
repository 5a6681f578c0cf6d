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

package io.github.migrationguard.liquibase;

import java.lang.StackWalker.StackFrame;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.ToolLockTakenException;
import io.github.migrationguard.UnguardedRuns;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.command.CommandScope;
import liquibase.database.Database;
import liquibase.database.OfflineConnection;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;
import liquibase.exception.LockException;
import liquibase.executor.ExecutorService;
import liquibase.lockservice.StandardLockService;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The {@link liquibase.lockservice.LockService LockService} of a guarded run. Found by
 * Liquibase as a service, it is active only inside such a run; everywhere else Liquibase
 * works as without it.
 * <p>
 * It never waits: whoever else holds the row was waited for before the run, in autocommit
 * and with an end. (Liquibase's own wait spins when it is interrupted.)
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class GuardedLockService extends StandardLockService {

	private static final Log logger = LogFactory.getLog(GuardedLockService.class);

	private static final String SCOPE_KEY = GuardedLockService.class.getName();

	static String scopeKey() {
		return SCOPE_KEY;
	}

	@Override
	public int getPriority() {
		return PRIORITY_DATABASE + 1000;
	}

	@Override
	public boolean supports(Database database) {
		boolean guarded = findRun() != null;
		if (!guarded && database.getClass() == PostgresDatabase.class
				&& !(database.getConnection() instanceof OfflineConnection)) {
			UnguardedRuns.noticed("liquibase", GuardedLockService::isUpdate);
		}
		return guarded;
	}

	/**
	 * Commands that are executed without a {@link Liquibase} are mostly updates.
	 */
	private static boolean isUpdate(List<StackFrame> stack) {
		List<String> methods = stack.stream()
			.filter((frame) -> frame.getDeclaringClass() == Liquibase.class)
			.map(StackFrame::getMethodName)
			.toList();
		return methods.isEmpty() ? stack.stream().anyMatch((frame) -> frame.getDeclaringClass() == CommandScope.class)
				: methods.stream().anyMatch((method) -> method.startsWith("update"));
	}

	private static @Nullable LiquibaseRun findRun() {
		return Scope.getCurrentScope().get(SCOPE_KEY, LiquibaseRun.class);
	}

	@Override
	public void waitForLock() throws LockException {
		if (!acquireLock()) {
			LiquibaseTable table = LiquibaseTable.lock(this.database);
			throw new ToolLockTakenException("Somebody who is not guarded has taken the change log lock",
					new MigrationTarget(run().guardedRun().getTarget().history(), table.quoted(), table.readable()));
		}
	}

	/**
	 * While SQL is only written down, such as to a rollback file, there is no lock to
	 * take.
	 */
	@Override
	public boolean acquireLock() throws LockException {
		if (!Scope.getCurrentScope()
			.getSingleton(ExecutorService.class)
			.getExecutor("jdbc", this.database)
			.updatesDatabase()) {
			return super.acquireLock();
		}
		if (this.hasChangeLogLock) {
			return true;
		}
		this.quotingStrategy = this.database.getObjectQuotingStrategy();
		try {
			this.database.rollback();
			init();
			boolean acquired = lock().acquire(connection(), run().marker());
			this.database.commit();
			if (acquired) {
				this.hasChangeLogLock = true;
				Scope.getCurrentScope().getSingleton(ChangeLogHistoryServiceFactory.class).resetAll();
				this.database.setCanCacheLiquibaseTableInfo(true);
			}
			return acquired;
		}
		catch (DatabaseException | SQLException ex) {
			throw new LockException(ex);
		}
		finally {
			rollback();
		}
	}

	/**
	 * As the service of Liquibase does in the end. It is with a rollback that Liquibase
	 * sets the search path of the transaction in which the first preconditions are
	 * checked.
	 */
	private void rollback() {
		try {
			this.database.rollback();
		}
		catch (DatabaseException ex) {
			logger.debug("The transaction in which the change log lock was taken cannot be rolled back", ex);
		}
	}

	/**
	 * A row that cannot be released is no failed run: the next guarded instance takes it
	 * over as soon as this session is gone.
	 */
	@Override
	public void releaseLock() {
		try {
			this.database.rollback();
			run().guardedRun().unitsEnd();
			super.releaseLock();
		}
		catch (LockException | DatabaseException | RuntimeException ex) {
			logger.warn("The change log lock could not be released and is left to the next guarded instance: "
					+ ex.getMessage());
		}
	}

	/**
	 * A bean may lead to another schema than the one that was looked at.
	 */
	private ChangelogLock lock() {
		LiquibaseTable table = LiquibaseTable.lock(this.database);
		return new ChangelogLock(table.readable(), table.quoted());
	}

	private LiquibaseRun run() {
		LiquibaseRun run = findRun();
		if (run == null) {
			throw new IllegalStateException("There is no guarded run in the current scope");
		}
		return run;
	}

	private Connection connection() {
		return ((JdbcConnection) this.database.getConnection()).getUnderlyingConnection();
	}

	/**
	 * What the service needs to know of the run that it serves.
	 *
	 * @param guardedRun the run
	 * @param marker what to write into it
	 */
	record LiquibaseRun(GuardedRun guardedRun, LockMarker marker) {

	}

}
