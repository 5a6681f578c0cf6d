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

package io.github.migrationguard.ddl;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import io.github.migrationguard.lock.StatementInterceptor.Execution;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a unit that is committed is recorded, whoever cancels that: without its
 * record it would be applied a second time.
 *
 * @author Migration Guard
 */
final class RecordGuard {

	private static final Log logger = LogFactory.getLog(RecordGuard.class);

	private static final String DEADLOCK_DETECTED = "40P01";

	private static final String CURRENT_TRANSACTION = "select pg_current_xact_id()::text";

	private static final String TRANSACTION_STATUS = "select pg_xact_status(?::text::xid8)";

	/**
	 * Cancels may come in a row.
	 */
	private static final int MAX_ATTEMPTS = 10;

	private final Connection connection;

	private final SessionLockTimeout lockTimeout;

	RecordGuard(Connection connection, SessionLockTimeout lockTimeout) {
		this.connection = connection;
		this.lockTimeout = lockTimeout;
	}

	/**
	 * Execute a statement with which a unit is recorded.
	 * @param unit the unit
	 * @param sql the statement
	 * @param execution what executes it, possibly more than once
	 * @return the result of the execution
	 * @throws SQLException if the unit cannot be recorded
	 */
	@Nullable Object execute(Unit unit, String sql, Execution execution) throws SQLException {
		for (int attempt = 1;; attempt++) {
			try {
				this.lockTimeout.set(0);
				Object result = execution.execute();
				commit(unit);
				return result;
			}
			catch (SQLException ex) {
				this.lockTimeout.forget();
				unit.recordFailed(ex, sql);
				if (!isHit(ex) || attempt == MAX_ATTEMPTS) {
					throw ex;
				}
				logger.debug("The record of a unit was cancelled, recording it again", ex);
				rollback();
			}
		}
	}

	/**
	 * Return whether a failure of the record has nothing to do with the record.
	 */
	private static boolean isHit(SQLException failure) {
		return StatementGuard.isCancel(failure) || DEADLOCK_DETECTED.equals(failure.getSQLState());
	}

	/**
	 * A commit may be cancelled as well, and could not be repeated alone. The server may
	 * even report the cancel when it has committed already.
	 */
	private void commit(Unit unit) throws SQLException {
		if (!this.connection.getAutoCommit()) {
			String transaction = query(CURRENT_TRANSACTION, null);
			try {
				this.connection.commit();
			}
			catch (SQLException ex) {
				unit.recordFailed(ex, "commit");
				if (!StatementGuard.isCancel(ex) || !isCommitted(transaction)) {
					throw ex;
				}
				logger.debug("The commit of the record of a unit was cancelled too late", ex);
			}
			this.lockTimeout.committed();
		}
	}

	/**
	 * What is not known to be committed would be recorded once more. A commit that was
	 * cancelled before it was done leaves the transaction open, in which nothing can be
	 * asked.
	 */
	private boolean isCommitted(@Nullable String transaction) throws SQLException {
		for (int attempt = 1;; attempt++) {
			try {
				this.connection.rollback();
				return "committed".equals(query(TRANSACTION_STATUS, transaction));
			}
			catch (SQLException ex) {
				if (!StatementGuard.isCancel(ex) || attempt == MAX_ATTEMPTS) {
					SQLException unknown = new SQLException(
							"It is not known whether the record of the unit was committed", "40003");
					unknown.addSuppressed(ex);
					throw unknown;
				}
			}
		}
	}

	private @Nullable String query(String sql, @Nullable String parameter) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			if (parameter != null) {
				statement.setString(1, parameter);
			}
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getString(1);
			}
		}
	}

	private void rollback() throws SQLException {
		if (this.connection.getAutoCommit()) {
			return;
		}
		for (int attempt = 1;; attempt++) {
			try {
				this.connection.rollback();
				this.lockTimeout.rolledBack(true);
				return;
			}
			catch (SQLException ex) {
				if (!StatementGuard.isCancel(ex) || attempt == MAX_ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

}
