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

import java.io.StringWriter;

import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.StandardChangeLogHistoryService;
import liquibase.database.Database;
import liquibase.exception.DatabaseException;
import liquibase.executor.Executor;
import liquibase.executor.ExecutorService;
import liquibase.executor.LoggingExecutor;

/**
 * The {@link liquibase.changelog.ChangeLogHistoryService ChangeLogHistoryService} of a
 * look. Found by Liquibase as a service, it is active only during a look; it reads the
 * history table if there is one and never creates or changes it. (Liquibase does so when
 * it merely reads a change log that includes another one.) Instead, it remembers what a
 * run would change.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class ReadOnlyHistoryService extends StandardChangeLogHistoryService {

	private static final String SCOPE_KEY = ReadOnlyHistoryService.class.getName();

	private boolean outdated;

	static String scopeKey() {
		return SCOPE_KEY;
	}

	static ReadOnlyHistoryService of(Database database) {
		return (ReadOnlyHistoryService) Scope.getCurrentScope()
			.getSingleton(ChangeLogHistoryServiceFactory.class)
			.getChangeLogService(database);
	}

	@Override
	public int getPriority() {
		return PRIORITY_DATABASE + 1000;
	}

	@Override
	public boolean supports(Database database) {
		return Scope.getCurrentScope().has(SCOPE_KEY);
	}

	@Override
	public void init() {
		// Would create the table
	}

	@Override
	public void replaceChecksum(ChangeSet changeSet) {
		this.outdated = true;
	}

	@Override
	public void replaceFilePath(ChangeSet changeSet, String oldPath) {
		this.outdated = true;
	}

	/**
	 * Return whether rows would have been changed.
	 */
	boolean isOutdated() {
		return this.outdated;
	}

	/**
	 * Return whether the table is there and a run would alter it. What a run would
	 * execute is written down instead.
	 */
	boolean isTableOutdated() throws DatabaseException {
		if (!hasDatabaseChangeLogTable()) {
			return false;
		}
		ExecutorService executors = Scope.getCurrentScope().getSingleton(ExecutorService.class);
		Executor executor = executors.getExecutor("jdbc", getDatabase());
		StringWriter executed = new StringWriter();
		executors.setExecutor("jdbc", getDatabase(), new LoggingExecutor(executor, executed, getDatabase()));
		try {
			super.init();
		}
		finally {
			executors.setExecutor("jdbc", getDatabase(), executor);
		}
		return !executed.toString().isEmpty();
	}

}
