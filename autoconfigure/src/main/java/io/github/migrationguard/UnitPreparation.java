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

import io.github.migrationguard.ddl.DdlAdvice;
import io.github.migrationguard.ddl.DdlStatement;
import io.github.migrationguard.ddl.IndexRepair;
import io.github.migrationguard.ddl.StatementGuard;
import io.github.migrationguard.ddl.Unit;
import io.github.migrationguard.lock.MigrationSession;

/**
 * What is done before a migration's own statement is executed: advice is given, an
 * invalid index that is in the way is removed, and the migration lock is kept.
 *
 * @author Migration Guard
 */
final class UnitPreparation implements StatementGuard.Listener {

	private static final String OBJECT_IN_USE = "55006";

	private final RunContext run;

	private final MigrationSession session;

	private final Connection connection;

	private final IndexRepair indexRepair;

	private final DdlAdvice advice = new DdlAdvice();

	private boolean repaired;

	UnitPreparation(RunContext run, MigrationSession session) throws SQLException {
		this.run = run;
		this.session = session;
		this.connection = session.connection();
		this.indexRepair = new IndexRepair(run.settings().ddl().repairInvalidIndexes());
	}

	/**
	 * Repair invalid indexes, once in a run.
	 */
	void repairInvalidIndexes() {
		if (!this.repaired) {
			this.repaired = true;
			this.indexRepair.repairAll(this.connection);
		}
	}

	@Override
	public void beforeOwnStatement(Unit unit, DdlStatement statement) throws SQLException {
		this.advice.before(this.connection, unit.id(), statement);
		this.indexRepair.before(this.connection, statement, unit.isFirstStatement());
	}

	/**
	 * Others would migrate while the unit goes on.
	 */
	@Override
	public void beforeLocksAreDropped() throws SQLException {
		this.session.keepLockInTransaction();
	}

	@Override
	public void afterLocksWereDropped(Unit unit) throws SQLException {
		if (!this.session.keepLock()) {
			throw new MigrationFailedException(this.run.name(), this.run.migrator().getTool(), unit.id(),
					new SQLException("The unit has dropped the migration lock, and another session has taken it",
							OBJECT_IN_USE));
		}
	}

}
