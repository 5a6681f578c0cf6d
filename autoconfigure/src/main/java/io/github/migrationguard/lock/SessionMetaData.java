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

import org.jspecify.annotations.Nullable;

/**
 * The metadata of a {@link SessionConnection}. The driver asks the server for them with
 * statements that nobody else sees, and that may wait for a lock like any other.
 *
 * @author Migration Guard
 */
final class SessionMetaData implements InvocationHandler {

	private final DatabaseMetaData target;

	private final Connection connection;

	private final StatementInterceptor interceptor;

	private SessionMetaData(DatabaseMetaData target, Connection connection, StatementInterceptor interceptor) {
		this.target = target;
		this.connection = connection;
		this.interceptor = interceptor;
	}

	/**
	 * Wrap metadata.
	 * @param target the metadata
	 * @param connection the connection that they belong to for its user
	 * @param interceptor what is to be round the questions
	 */
	static DatabaseMetaData of(DatabaseMetaData target, Connection connection, StatementInterceptor interceptor) {
		return (DatabaseMetaData) Proxy.newProxyInstance(SessionMetaData.class.getClassLoader(),
				new Class<?>[] { DatabaseMetaData.class }, new SessionMetaData(target, connection, interceptor));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		return switch (method.getName()) {
			case "equals" -> args != null && proxy == args[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "getConnection" -> this.connection;
			default -> (method.getReturnType() == ResultSet.class)
					? this.interceptor.ask(() -> Target.invoke(method, this.target, args))
					: Target.invoke(method, this.target, args);
		};
	}

}
