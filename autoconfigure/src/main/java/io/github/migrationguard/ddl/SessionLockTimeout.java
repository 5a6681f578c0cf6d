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
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * The {@code lock_timeout} that the session has: it is sent only when it changes, and by
 * a statement that is no query: a transaction may still be set, and a snapshot is taken
 * after the lock.
 *
 * @author Migration Guard
 */
final class SessionLockTimeout {

	private final Connection connection;

	/**
	 * What the session has, or {@code null} if that is not known.
	 */
	private @Nullable Long millis;

	/**
	 * What the session has after a rollback, or {@code null} if that is not known.
	 */
	private @Nullable Long committedMillis;

	SessionLockTimeout(Connection connection) {
		this.connection = connection;
	}

	void set(long millis) throws SQLException {
		Long current = this.millis;
		if ((current != null && current == millis) || TransactionStatus.isAborted(this.connection)) {
			return;
		}
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("set lock_timeout = " + millis);
		}
		this.millis = millis;
		if (!TransactionStatus.isInTransaction(this.connection)) {
			this.committedMillis = millis;
		}
	}

	boolean isKnown() {
		return this.millis != null;
	}

	/**
	 * Called when it may have been changed in the current transaction.
	 */
	void forget() {
		this.millis = null;
	}

	/**
	 * Called when it may have been changed for good.
	 */
	void forgetAll() {
		this.millis = null;
		this.committedMillis = null;
	}

	void committed() {
		this.committedMillis = this.millis;
	}

	void rolledBack(boolean completely) {
		this.millis = completely ? this.committedMillis : null;
	}

}
