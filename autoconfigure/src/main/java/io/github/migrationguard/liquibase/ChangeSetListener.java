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

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.UnitCommit;
import liquibase.change.Change;
import liquibase.change.custom.CustomChangeWrapper;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.ExecType;
import liquibase.changelog.ChangeSet.RunStatus;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.changelog.visitor.ChangeExecListener;
import liquibase.database.Database;
import liquibase.exception.PreconditionErrorException;
import liquibase.exception.PreconditionFailedException;
import liquibase.precondition.core.PreconditionContainer.ErrorOption;
import liquibase.precondition.core.PreconditionContainer.FailOption;

/**
 * Tells a {@link GuardedRun} which change set is executed. Liquibase commits a change set
 * and records it in a second transaction: from its first change until {@code ran} the
 * commits are withheld, so that both become visible together.
 *
 * @author Migration Guard
 */
class ChangeSetListener extends AbstractChangeExecListener implements ChangeExecListener {

	private final GuardedRun run;

	private final Thread runner = Thread.currentThread();

	ChangeSetListener(GuardedRun run) {
		this.run = run;
	}

	@Override
	public void willRun(ChangeSet changeSet, DatabaseChangeLog databaseChangeLog, Database database,
			RunStatus runStatus) {
		if (isOurs()) {
			this.run.unitStarts(changeSet.toString(false),
					changeSet.isRunInTransaction() ? UnitCommit.WITHHELD : UnitCommit.PER_STATEMENT);
		}
	}

	/**
	 * A custom change is code of the user, which may commit and roll back as it likes.
	 */
	@Override
	public void willRun(Change change, ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
		if (isOurs()) {
			this.run.stepStarts(change instanceof CustomChangeWrapper);
		}
	}

	@Override
	public void ran(Change change, ChangeSet changeSet, DatabaseChangeLog changeLog, Database database) {
		if (isOurs()) {
			this.run.stepEnds();
		}
	}

	@Override
	public void preconditionFailed(PreconditionFailedException error, FailOption onFail) {
		this.run.checkConclusion();
	}

	@Override
	public void preconditionErrored(PreconditionErrorException error, ErrorOption onError) {
		this.run.checkConclusion();
	}

	@Override
	public void ran(ChangeSet changeSet, DatabaseChangeLog databaseChangeLog, Database database, ExecType execType) {
		if (!isOurs()) {
			return;
		}
		if (execType == ExecType.FAILED) {
			this.run.unitFailed(changeSet.toString(false), null);
		}
		else {
			this.run.unitApplied(changeSet.toString(false));
		}
	}

	@Override
	public void runFailed(ChangeSet changeSet, DatabaseChangeLog databaseChangeLog, Database database,
			Exception exception) {
		if (isOurs()) {
			this.run.unitFailed(changeSet.toString(false), exception);
		}
	}

	/**
	 * A subclass that runs on a thread of its own does so on its own connection.
	 */
	private boolean isOurs() {
		return Thread.currentThread() == this.runner;
	}

}
