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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What is done before a migration's own statement is executed: advice is given, an
 * invalid index that is in the way is removed, and the migration lock is kept.
 *
 * @author Migration Guard
 */
final class UnitPreparation implements StatementGuard.Listener {

	private static final Log logger = LogFactory.getLog(UnitPreparation.class);

	private static final int TIMEOUT_SECONDS = 5;

	private static final String OBJECT_IN_USE = "55006";

	private final RunContext run;

	private final MigrationSession session;

	private final Connection connection;

	private final IndexRepair indexRepair;

	private final DdlAdvice advice = new DdlAdvice();

	private final MonitoringDataSource dataSource;

	private final Retry retry;

	private boolean repaired;

	UnitPreparation(RunContext run, MigrationSession session, Retry retry) throws SQLException {
		this.run = run;
		this.session = session;
		this.retry = retry;
		this.dataSource = new MonitoringDataSource(run.migrator().getDataSource(), TIMEOUT_SECONDS);
		this.connection = session.connection();
		this.indexRepair = new IndexRepair(run.settings().ddl().repairInvalidIndexes());
	}

	/**
	 * Look at the database before the tool runs, while there is no transaction.
	 */
	void prepareRun() {
		if (!this.repaired) {
			this.repaired = true;
			this.indexRepair.repairAll(this.connection);
		}
		this.indexRepair.look(this.connection);
		this.advice.look(this.connection);
	}

	/**
	 * Advise and repair. In a transaction of the unit nothing is looked at: that would
	 * take a snapshot, and abort the transaction if it failed.
	 */
	@Override
	public void beforeOwnStatement(Unit unit, DdlStatement statement, boolean inTransaction) throws SQLException {
		if (this.advice.concerns(unit.id(), statement)) {
			advise(unit, statement, inTransaction);
		}
		if (this.indexRepair.concerns(statement, inTransaction)) {
			this.indexRepair.before(this.connection, statement, unit.isFirstStatement());
		}
	}

	private void advise(Unit unit, DdlStatement statement, boolean inTransaction) {
		if (!inTransaction) {
			this.advice.before(this.connection, unit.id(), statement);
			return;
		}
		try (Connection connection = this.dataSource.getConnection()) {
			this.advice.before(connection, unit.id(), statement);
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("No connection to look at a table that is to be locked", ex);
		}
	}

	@Override
	public boolean awaitRetry(Unit unit) throws SQLException {
		this.retry.await(unit);
		return true;
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

	/**
	 * Waits until a statement that was blocked can be executed again.
	 */
	@FunctionalInterface
	interface Retry {

		void await(Unit unit) throws SQLException;

	}

}
