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
import liquibase.changelog.ChangeSet;
import liquibase.changelog.ChangeSet.ExecType;
import liquibase.changelog.ChangeSet.RunStatus;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.changelog.visitor.ChangeExecListener;
import liquibase.database.Database;

/**
 * Tells a {@link GuardedRun} which change set is executed. Liquibase commits a change set
 * and records it in a second transaction: between {@code willRun} and {@code ran} the
 * commits are withheld, so that both become visible together.
 *
 * @author Migration Guard
 */
class ChangeSetListener extends AbstractChangeExecListener implements ChangeExecListener {

	private final GuardedRun run;

	ChangeSetListener(GuardedRun run) {
		this.run = run;
	}

	@Override
	public void willRun(ChangeSet changeSet, DatabaseChangeLog databaseChangeLog, Database database,
			RunStatus runStatus) {
		this.run.unitStarts(changeSet.toString(false), changeSet.isRunInTransaction());
	}

	@Override
	public void ran(ChangeSet changeSet, DatabaseChangeLog databaseChangeLog, Database database, ExecType execType) {
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
		this.run.unitFailed(changeSet.toString(false), exception);
	}

}
