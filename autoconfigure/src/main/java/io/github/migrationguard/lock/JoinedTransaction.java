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

package io.github.migrationguard.lock;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

import org.jspecify.annotations.Nullable;

/**
 * The transactions of a connection that was opened within the transaction of another one,
 * on the same session: each is a savepoint, so that a rollback takes back only its own
 * work and nothing is committed before the whole is.
 *
 * @author Migration Guard
 */
final class JoinedTransaction {

	private final Connection target;

	private @Nullable Savepoint savepoint;

	JoinedTransaction(Connection target) {
		this.target = target;
	}

	boolean handles(Method method) {
		return switch (method.getName()) {
			case "getAutoCommit", "setAutoCommit", "commit" -> true;
			case "rollback" -> method.getParameterCount() == 0;
			default -> false;
		};
	}

	@Nullable Object invoke(Method method, Object @Nullable [] args) throws SQLException {
		switch (method.getName()) {
			case "getAutoCommit":
				return this.savepoint == null;
			case "setAutoCommit":
				setAutoCommit(args != null && Boolean.TRUE.equals(args[0]));
				return null;
			case "commit":
				commit();
				return null;
			default:
				rollback();
				return null;
		}
	}

	private void setAutoCommit(boolean autoCommit) throws SQLException {
		if (autoCommit) {
			release();
		}
		else if (this.savepoint == null) {
			this.savepoint = this.target.setSavepoint();
		}
	}

	private void commit() throws SQLException {
		if (this.savepoint != null) {
			release();
			this.savepoint = this.target.setSavepoint();
		}
	}

	private void rollback() throws SQLException {
		if (this.savepoint != null) {
			this.target.rollback(this.savepoint);
		}
	}

	private void release() throws SQLException {
		if (this.savepoint != null) {
			this.target.releaseSavepoint(this.savepoint);
			this.savepoint = null;
		}
	}

	/**
	 * Take back what was not committed, when the connection is closed.
	 */
	void end() throws SQLException {
		rollback();
		release();
	}

}
