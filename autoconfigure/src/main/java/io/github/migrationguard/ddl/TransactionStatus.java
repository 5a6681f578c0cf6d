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
import java.sql.SQLException;

import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * In which kind of transaction a session is at this moment. The driver knows; nothing is
 * sent.
 *
 * @author Migration Guard
 */
final class TransactionStatus {

	private TransactionStatus() {
	}

	/**
	 * Return whether the next statement is executed in a transaction, also in one that
	 * the unit has begun itself.
	 */
	static boolean isInTransaction(Connection connection) throws SQLException {
		return !connection.getAutoCommit() || !isIdle(connection);
	}

	/**
	 * Return whether nothing is open that could still be rolled back.
	 */
	static boolean isIdle(Connection connection) throws SQLException {
		return state(connection) == TransactionState.IDLE;
	}

	/**
	 * Return whether the server refuses everything but the end of the transaction.
	 */
	static boolean isAborted(Connection connection) throws SQLException {
		return state(connection) == TransactionState.FAILED;
	}

	private static TransactionState state(Connection connection) throws SQLException {
		return connection.unwrap(BaseConnection.class).getTransactionState();
	}

}
