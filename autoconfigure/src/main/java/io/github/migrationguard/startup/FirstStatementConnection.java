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

package io.github.migrationguard.startup;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * A {@link Connection} whose first statement waits for the migrations. It holds nothing
 * meanwhile: the connection behind it is given back, and another one is borrowed
 * afterwards. What a connection is can be asked at any time.
 *
 * @author Migration Guard
 * @see FirstStatement
 */
final class FirstStatementConnection implements InvocationHandler {

	/**
	 * What neither sends a statement nor begins a transaction, nor changes the
	 * connection: pools give a changed one to the next borrower, which would be the
	 * migration.
	 */
	private static final Set<String> HARMLESS = Set.of("abort", "beginRequest", "clearWarnings", "close", "commit",
			"createStatement", "endRequest", "getAutoCommit", "getCatalog", "getClientInfo", "getHoldability",
			"getMetaData", "getNetworkTimeout", "getSchema", "getTransactionIsolation", "getTypeMap", "getWarnings",
			"isClosed", "isReadOnly", "isValid", "isWrapperFor", "nativeSQL", "toString");

	private final FirstStatement firstStatement;

	private final @Nullable ConnectionSource source;

	private final Connection proxy;

	private final Thread borrower = Thread.currentThread();

	private Connection connection;

	private boolean givenBack;

	/**
	 * Whether a statement has been sent: what it did is not to be rolled back.
	 */
	private boolean used;

	private FirstStatementConnection(FirstStatement firstStatement, Connection connection,
			@Nullable ConnectionSource source) {
		this.firstStatement = firstStatement;
		this.connection = connection;
		this.source = source;
		this.proxy = proxy(Connection.class, connection, this);
	}

	/**
	 * Guard a connection.
	 * @param firstStatement what runs the migrations
	 * @param connection the connection
	 * @param source where another one can be borrowed, or {@code null} if the connection
	 * is to be kept
	 * @return the connection for the application
	 */
	static Connection guard(FirstStatement firstStatement, Connection connection, @Nullable ConnectionSource source) {
		if (firstStatement.isOver() || firstStatement.isOwn()) {
			return connection;
		}
		FirstStatementConnection handler = new FirstStatementConnection(firstStatement, connection, source);
		firstStatement.borrowed(handler);
		return handler.proxy;
	}

	/**
	 * Return what is behind a guarded connection.
	 * @param connection the connection, which need not be guarded
	 * @return the connection behind it
	 */
	static @Nullable Object target(@Nullable Object connection) {
		return (connection != null && Proxy.isProxyClass(connection.getClass())
				&& Proxy.getInvocationHandler(connection) instanceof FirstStatementConnection handler)
						? handler.connection : connection;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		Call call = new Call(method, arguments);
		switch (method.getName()) {
			case "equals":
				return proxy == call.argument();
			case "hashCode":
				return System.identityHashCode(proxy);
			case "close":
				this.firstStatement.closed(this);
				return call.on(this.connection);
		}
		borrowAgain();
		if (this.firstStatement.isOver()) {
			return call.on(this.connection);
		}
		if (isStatement(call)) {
			beforeStatement();
		}
		Object result = call.on(this.connection);
		if (result == null && method.getName().equals("getSchema")) {
			beforeStatement();
			result = call.on(this.connection);
		}
		return guard(call, result);
	}

	private boolean isStatement(Call call) throws SQLException {
		String name = call.method().getName();
		if (name.equals("setAutoCommit")) {
			return !Objects.equals(call.argument(), this.connection.getAutoCommit());
		}
		if (name.equals("prepareStatement")) {
			return !isHarmless(call);
		}
		boolean rollback = name.equals("rollback") && call.arguments() == null;
		return !rollback && !(HARMLESS.contains(name) && call.isDeclaredByJdbc());
	}

	private boolean isHarmless(Call call) {
		return call.argument() instanceof String sql && this.firstStatement.isHarmless(sql);
	}

	private @Nullable Object guard(Call call, @Nullable Object result) {
		if (result instanceof Statement statement) {
			return proxy(Statement.class, statement, new StatementHandler(call, statement, isHarmless(call)));
		}
		if (result instanceof DatabaseMetaData metaData) {
			return proxy(DatabaseMetaData.class, metaData, this::invokeMetaData);
		}
		return result;
	}

	private void beforeStatement() throws Throwable {
		if (this.firstStatement.isAwaited() && !this.connection.isClosed()) {
			await(this.used ? null : this.source);
		}
		this.used = true;
	}

	private void await(@Nullable ConnectionSource source) throws Throwable {
		if (source == null) {
			this.firstStatement.await();
			return;
		}
		giveBack();
		this.firstStatement.await();
		borrowAgain();
	}

	/**
	 * Give the connection back if this thread keeps it, unused: it may be the last one of
	 * its pool, and the migrations need one.
	 */
	void giveBackIfKept() {
		try {
			if (this.borrower == Thread.currentThread() && this.source != null && !this.used
					&& !this.connection.isClosed()) {
				giveBack();
			}
		}
		catch (SQLException ex) {
			// It is as good as closed
		}
	}

	private void borrowAgain() throws Throwable {
		if (this.givenBack) {
			this.connection = Objects.requireNonNull(this.source).borrow();
			this.givenBack = false;
		}
	}

	private void giveBack() throws SQLException {
		this.givenBack = true;
		try (Connection connection = this.connection) {
			if (!connection.getAutoCommit()) {
				connection.rollback();
			}
		}
	}

	/**
	 * Meta data belong to the connection they were got from, which may be somebody else's
	 * by now.
	 */
	private @Nullable Object invokeMetaData(Object proxy, Method method, Object @Nullable [] arguments)
			throws Throwable {
		Call call = new Call(method, arguments);
		switch (method.getName()) {
			case "equals":
				return proxy == call.argument();
			case "hashCode":
				return System.identityHashCode(proxy);
			case "getConnection":
				return this.proxy;
		}
		borrowAgain();
		if (call.readsSchema()) {
			beforeStatement();
		}
		return call.on(this.connection.getMetaData());
	}

	@SuppressWarnings("unchecked")
	private static <T> T proxy(Class<T> type, T target, InvocationHandler handler) {
		ClassLoader classLoader = target.getClass().getClassLoader();
		Set<Class<?>> interfaces = new LinkedHashSet<>(List.of(type));
		for (Class<?> candidate : ClassUtils.getAllInterfacesForClassAsSet(target.getClass(), classLoader)) {
			if (Modifier.isPublic(candidate.getModifiers())) {
				interfaces.add(candidate);
			}
		}
		return (T) Proxy.newProxyInstance(classLoader, interfaces.toArray(Class<?>[]::new), handler);
	}

	/**
	 * Borrows a connection.
	 */
	@FunctionalInterface
	interface ConnectionSource {

		Connection borrow() throws Throwable;

	}

	/**
	 * A statement that is made anew when its connection has become another one.
	 */
	private final class StatementHandler implements InvocationHandler {

		private final Call creation;

		private final boolean harmless;

		private final Map<String, Call> settings = new LinkedHashMap<>();

		private Connection owner = FirstStatementConnection.this.connection;

		private Statement statement;

		private boolean closed;

		private StatementHandler(Call creation, Statement statement, boolean harmless) {
			this.creation = creation;
			this.statement = statement;
			this.harmless = harmless;
		}

		@Override
		public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
			Call call = new Call(method, arguments);
			String name = method.getName();
			switch (name) {
				case "equals":
					return proxy == call.argument();
				case "hashCode":
					return System.identityHashCode(proxy);
				case "getConnection":
					return FirstStatementConnection.this.proxy;
				case "close":
					this.closed = true;
			}
			if (!this.closed) {
				borrowAgain();
			}
			if (isStatement(call)) {
				beforeStatement();
			}
			Object result = call.on(current());
			if (name.startsWith("set") || name.equals("closeOnCompletion")) {
				this.settings.put(call.setting(), call);
			}
			return result;
		}

		private boolean isStatement(Call call) {
			String name = call.method().getName();
			boolean sends = name.startsWith("execute") || name.equals("addBatch") || name.equals("unwrap")
					|| !call.isDeclaredByJdbc();
			return sends && !this.harmless && !isHarmless(call);
		}

		private Statement current() throws Throwable {
			if (this.owner != FirstStatementConnection.this.connection && !this.closed) {
				this.owner = FirstStatementConnection.this.connection;
				this.statement = (Statement) Objects.requireNonNull(this.creation.on(this.owner));
				for (Call setting : this.settings.values()) {
					setting.on(this.statement);
				}
			}
			return this.statement;
		}

	}

	/**
	 * The call of a method.
	 */
	private record Call(Method method, Object @Nullable [] arguments) {

		private static final Set<String> WITHOUT_SCHEMA = Set.of("getCatalogs", "getClientInfoProperties",
				"getTableTypes");

		@Nullable Object argument() {
			return (this.arguments != null && this.arguments.length > 0) ? this.arguments[0] : null;
		}

		/**
		 * Later calls for the same setting replace earlier ones.
		 */
		String setting() {
			boolean named = this.arguments != null && this.arguments.length > 1;
			return this.method.getName() + (named ? "(" + argument() + ")" : "");
		}

		boolean isDeclaredByJdbc() {
			return this.method.getDeclaringClass().getName().startsWith("java.");
		}

		boolean readsSchema() {
			return this.method.getName().equals("unwrap") || !isDeclaredByJdbc()
					|| (this.method.getReturnType() == ResultSet.class
							&& !WITHOUT_SCHEMA.contains(this.method.getName()));
		}

		@Nullable Object on(Object target) throws Throwable {
			try {
				return this.method.invoke(target, this.arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}

	}

}
