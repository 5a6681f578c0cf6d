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
 * while the commits of a unit are withheld. A tool may open several at once. As there is
 * one session only, one that is opened within the transaction of another cannot have a
 * transaction of its own: it has a savepoint instead.
 *
 * @author Migration Guard
 */
final class SessionConnection implements InvocationHandler {

	private static final String CHECK_CONSTRAINTS = "set constraints all immediate";

	private final Connection target;

	private final UnitTransaction unit;

	private final @Nullable StatementInterceptor interceptor;

	private final @Nullable JoinedTransaction joined;

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
		this.joined = isInTransaction(target) ? new JoinedTransaction(target) : null;
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
		if (connection.joined == null && autoCommit && !connection.autoCommit) {
			target.setAutoCommit(true);
		}
		return (Connection) Proxy.newProxyInstance(SessionConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, connection);
	}

	private static boolean isInTransaction(Connection connection) throws SQLException {
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
				return (this.interceptor != null) ? intercept((Connection) proxy, method, args, this.interceptor)
						: invokeJoinedOrTarget(method, args);
		}
	}

	private @Nullable Object intercept(Connection proxy, Method method, Object @Nullable [] args,
			StatementInterceptor interceptor) throws Throwable {
		if (method.getName().equals("unwrap")) {
			interceptor.bypassed();
		}
		Object result = invokeJoinedOrTarget(method, args);
		if (result instanceof Statement statement) {
			if (statement.getResultSetConcurrency() == ResultSet.CONCUR_UPDATABLE) {
				interceptor.streaming();
			}
			return SessionStatement.of(statement, proxy, interceptor,
					(args != null && args[0] instanceof String sql) ? sql : null);
		}
		if (result instanceof DatabaseMetaData metaData) {
			return SessionMetaData.of(metaData, proxy, interceptor);
		}
		if (method.getName().equals("rollback")) {
			interceptor.rolledBack(args == null && this.joined == null);
		}
		return result;
	}

	private @Nullable Object invokeJoinedOrTarget(Method method, Object @Nullable [] args) throws Throwable {
		return (this.joined != null && this.joined.handles(method)) ? this.joined.invoke(method, args)
				: invokeTarget(method, args);
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

	static void commit(Connection target, @Nullable StatementInterceptor interceptor) throws SQLException {
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

	private void rolledBack(boolean completely) {
		if (this.interceptor != null) {
			this.interceptor.rolledBack(completely);
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
		if (this.joined != null) {
			this.joined.end();
			rolledBack(false);
			return;
		}
		if (!this.target.getAutoCommit()) {
			this.target.rollback();
			rolledBack(true);
		}
		if (this.target.getAutoCommit() != this.autoCommit) {
			this.target.setAutoCommit(this.autoCommit);
		}
	}

}
