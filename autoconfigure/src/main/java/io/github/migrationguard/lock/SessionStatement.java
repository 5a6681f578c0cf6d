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
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A statement of a {@link SessionConnection}: every execution goes through the
 * {@link StatementInterceptor}.
 *
 * @author Migration Guard
 */
final class SessionStatement implements InvocationHandler {

	private final Statement target;

	private final Connection connection;

	private final SessionConnection owner;

	private final StatementInterceptor interceptor;

	/**
	 * The text of a prepared statement, or {@code null} if each execution has its own.
	 */
	private final @Nullable String prepared;

	private final List<String> batch = new ArrayList<>();

	private int batchSize;

	private SessionStatement(Statement target, Connection connection, SessionConnection owner,
			StatementInterceptor interceptor, @Nullable String prepared) {
		this.target = target;
		this.connection = connection;
		this.owner = owner;
		this.interceptor = interceptor;
		this.prepared = prepared;
	}

	/**
	 * Wrap a statement.
	 * @param target the statement
	 * @param connection the connection that the statement belongs to for its user
	 * @param owner what handles that connection
	 * @param interceptor what is to be round its executions
	 * @param prepared the text of a prepared statement, or {@code null}
	 */
	static Statement of(Statement target, Connection connection, SessionConnection owner,
			StatementInterceptor interceptor, @Nullable String prepared) {
		return (Statement) Proxy.newProxyInstance(SessionStatement.class.getClassLoader(),
				new Class<?>[] { type(target) },
				new SessionStatement(target, connection, owner, interceptor, prepared));
	}

	private static Class<? extends Statement> type(Statement target) {
		if (target instanceof CallableStatement) {
			return CallableStatement.class;
		}
		return (target instanceof PreparedStatement) ? PreparedStatement.class : Statement.class;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		switch (method.getName()) {
			case "equals":
				return args != null && proxy == args[0];
			case "hashCode":
				return System.identityHashCode(proxy);
			case "getConnection":
				return this.connection;
			case "close", "isClosed", "toString":
				return invokeTarget(method, args);
			default:
				this.owner.checkOpen();
				return invokeOpen(method, args);
		}
	}

	private @Nullable Object invokeOpen(Method method, Object @Nullable [] args) throws SQLException {
		switch (method.getName()) {
			case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate":
				return this.interceptor.execute((args != null) ? (String) args[0] : String.valueOf(this.prepared),
						() -> invokeTarget(method, args));
			case "executeBatch", "executeLargeBatch":
				return executeBatch(method);
			case "getMetaData", "getParameterMetaData":
				return this.interceptor.ask(() -> invokeTarget(method, args));
			case "unwrap":
				this.interceptor.bypassed();
				break;
			case "setFetchSize":
				this.interceptor.streaming();
				break;
			case "setQueryTimeout", "cancel":
				this.interceptor.limitsTime();
				break;
			case "addBatch":
				addBatch(args);
				break;
			case "clearBatch":
				clearBatch();
				break;
			default:
				break;
		}
		return invokeTarget(method, args);
	}

	private void addBatch(Object @Nullable [] args) {
		this.batchSize++;
		if (args != null) {
			this.batch.add((String) args[0]);
		}
	}

	private @Nullable Object executeBatch(Method method) throws SQLException {
		String sql = (this.prepared != null) ? this.prepared : String.join("\n;\n", this.batch);
		boolean several = this.batchSize > 1;
		clearBatch();
		return several ? this.interceptor.executeBatch(sql, () -> invokeTarget(method, null))
				: this.interceptor.execute(sql, () -> invokeTarget(method, null));
	}

	private void clearBatch() {
		this.batch.clear();
		this.batchSize = 0;
	}

	private @Nullable Object invokeTarget(Method method, Object @Nullable [] args) throws SQLException {
		return Target.invoke(method, this.target, args);
	}

}
