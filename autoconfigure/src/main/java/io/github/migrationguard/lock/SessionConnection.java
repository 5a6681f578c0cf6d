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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * The {@link Connection} that a migration tool gets: the session's own one, except that
 * {@code close()} only rolls back what is open and that {@code commit()} does nothing
 * while the commits of a unit are withheld. A tool may open several at once, as long as
 * none of them is in a transaction: there is one session only. One that was closed is
 * closed for its user, as with every pool.
 *
 * @author Migration Guard
 */
final class SessionConnection implements InvocationHandler {

	private static final String CHECK_CONSTRAINTS = "set constraints all immediate";

	private static final String CONNECTION_DOES_NOT_EXIST = "08003";

	private final Connection target;

	private final UnitTransaction unit;

	private final @Nullable StatementInterceptor interceptor;

	/**
	 * The mode of the session when this connection was opened.
	 */
	private final boolean autoCommit;

	private boolean closed;

	private SessionConnection(Connection target, UnitTransaction unit, @Nullable StatementInterceptor interceptor)
			throws SQLException {
		this.target = target;
		this.unit = unit;
		this.interceptor = interceptor;
		this.autoCommit = target.getAutoCommit();
	}

	/**
	 * Open a connection.
	 * @param target the session's own connection
	 * @param unit whether commits are withheld
	 * @param autoCommit the mode of a new connection
	 * @param interceptor what is to be round the statements, or {@code null}
	 */
	static Connection of(Connection target, UnitTransaction unit, boolean autoCommit,
			@Nullable StatementInterceptor interceptor) throws SQLException {
		SessionConnection connection = new SessionConnection(target, unit, interceptor);
		if (autoCommit && !connection.autoCommit) {
			target.setAutoCommit(true);
		}
		return (Connection) Proxy.newProxyInstance(SessionConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, connection);
	}

	/**
	 * Return whether a connection has begun a transaction. Nothing is sent.
	 */
	static boolean isInTransaction(Connection connection) throws SQLException {
		return !connection.getAutoCommit() && connection.isWrapperFor(BaseConnection.class)
				&& connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		switch (method.getName()) {
			case "equals":
				return args != null && proxy == args[0];
			case "hashCode":
				return System.identityHashCode(proxy);
			case "isClosed":
				return this.closed || this.target.isClosed();
			case "close":
				close();
				return null;
			default:
				if (this.closed) {
					return invokeClosed(method, args);
				}
				return (this.interceptor != null) ? intercept((Connection) proxy, method, args, this.interceptor)
						: invokeTarget(method, args);
		}
	}

	/**
	 * What JDBC allows to ask a closed connection.
	 */
	private @Nullable Object invokeClosed(Method method, Object @Nullable [] args) throws SQLException {
		return switch (method.getName()) {
			case "isValid" -> false;
			case "abort" -> null;
			case "toString" -> Target.invoke(method, this.target, args);
			default -> throw closedFailure();
		};
	}

	/**
	 * Fail if the connection was closed by its user.
	 */
	void checkOpen() throws SQLException {
		if (this.closed) {
			throw closedFailure();
		}
	}

	private static SQLException closedFailure() {
		return new SQLException("This connection has been closed.", CONNECTION_DOES_NOT_EXIST);
	}

	private @Nullable Object intercept(Connection proxy, Method method, Object @Nullable [] args,
			StatementInterceptor interceptor) throws Throwable {
		if (method.getName().equals("unwrap")) {
			interceptor.bypassed();
		}
		Object result = invokeTarget(method, args);
		if (result instanceof Statement statement) {
			if (statement.getResultSetConcurrency() == ResultSet.CONCUR_UPDATABLE) {
				interceptor.streaming();
			}
			return SessionStatement.of(statement, proxy, this, interceptor,
					(args != null && args[0] instanceof String sql) ? sql : null);
		}
		if (result instanceof DatabaseMetaData metaData) {
			return SessionMetaData.of(metaData, proxy, interceptor);
		}
		if (method.getName().equals("rollback")) {
			interceptor.rolledBack(args == null);
		}
		return result;
	}

	private @Nullable Object invokeTarget(Method method, Object @Nullable [] args) throws Throwable {
		if (method.getName().equals("commit")) {
			if (!this.unit.isWithheld()) {
				commit(this.target, this.interceptor);
			}
			else if (this.unit.isCheckDue()) {
				checkConstraints();
			}
			return null;
		}
		if (this.interceptor != null && endsTransaction(method, args)) {
			this.interceptor.commit(() -> {
				this.target.setAutoCommit(true);
				return null;
			});
			return null;
		}
		return Target.invoke(method, this.target, args);
	}

	/**
	 * A transaction that is open is committed when autocommit is switched on.
	 */
	private boolean endsTransaction(Method method, Object @Nullable [] args) throws SQLException {
		return method.getName().equals("setAutoCommit") && args != null && Boolean.TRUE.equals(args[0])
				&& isInTransaction(this.target);
	}

	/**
	 * Commit, unless code of the user has switched to autocommit, so that nothing is left
	 * to be committed.
	 */
	static void commit(Connection target, @Nullable StatementInterceptor interceptor) throws SQLException {
		if (target.getAutoCommit()) {
			return;
		}
		if (interceptor == null) {
			target.commit();
			return;
		}
		interceptor.commit(() -> {
			target.commit();
			return null;
		});
	}

	/**
	 * What a commit would refuse is to be refused here, where the tool expects it.
	 */
	private void checkConstraints() throws SQLException {
		if (this.interceptor != null && !this.interceptor.mayHaveDeferredChecks()) {
			return;
		}
		try (Statement statement = this.target.createStatement()) {
			if (this.interceptor != null) {
				this.interceptor.ask(() -> statement.execute(CHECK_CONSTRAINTS));
			}
			else {
				statement.execute(CHECK_CONSTRAINTS);
			}
		}
	}

	private void close() throws SQLException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		if (this.target.isClosed()) {
			return;
		}
		if (!this.target.getAutoCommit()) {
			this.target.rollback();
			if (this.interceptor != null) {
				this.interceptor.rolledBack(true);
			}
		}
		if (this.target.getAutoCommit() != this.autoCommit) {
			this.target.setAutoCommit(this.autoCommit);
		}
	}

}
