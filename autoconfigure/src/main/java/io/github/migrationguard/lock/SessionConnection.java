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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * The {@link Connection} that a migration tool gets: the session's own one, except that
 * {@code close()} only rolls back what is open and that {@code commit()} does nothing
 * while the commits of a unit are withheld.
 *
 * @author Migration Guard
 */
final class SessionConnection implements InvocationHandler {

	private static final String CHECK_CONSTRAINTS = "set constraints all immediate";

	private final Connection target;

	private final UnitTransaction unit;

	private boolean closed;

	private SessionConnection(Connection target, UnitTransaction unit) {
		this.target = target;
		this.unit = unit;
	}

	static Connection of(Connection target, UnitTransaction unit) {
		return (Connection) Proxy.newProxyInstance(SessionConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, new SessionConnection(target, unit));
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
			case "commit":
				if (this.unit.isWithheld()) {
					checkConstraints();
					return null;
				}
				break;
			default:
				break;
		}
		try {
			return method.invoke(this.target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * What a commit would refuse is to be refused here, where the tool expects it.
	 */
	private void checkConstraints() throws SQLException {
		try (Statement statement = this.target.createStatement()) {
			statement.execute(CHECK_CONSTRAINTS);
		}
	}

	private void close() throws SQLException {
		if (!this.closed) {
			this.closed = true;
			if (!this.target.isClosed() && !this.target.getAutoCommit()) {
				this.target.rollback();
			}
		}
	}

}
