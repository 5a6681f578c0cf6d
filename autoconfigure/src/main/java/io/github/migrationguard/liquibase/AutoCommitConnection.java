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

package io.github.migrationguard.liquibase;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} that stays in autocommit mode, whatever Liquibase sets: between
 * the statements of a look, which may be long while change logs are read, there is no
 * transaction and no snapshot.
 *
 * @author Migration Guard
 */
final class AutoCommitConnection implements InvocationHandler {

	private static final Set<String> IGNORED = Set.of("setAutoCommit", "commit", "rollback");

	private final Connection target;

	private AutoCommitConnection(Connection target) {
		this.target = target;
	}

	static Connection of(Connection target) throws SQLException {
		target.setAutoCommit(true);
		return (Connection) Proxy.newProxyInstance(AutoCommitConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, new AutoCommitConnection(target));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		if (IGNORED.contains(method.getName())) {
			return null;
		}
		try {
			return switch (method.getName()) {
				case "equals" -> args != null && proxy == args[0];
				case "hashCode" -> System.identityHashCode(proxy);
				default -> method.invoke(this.target, args);
			};
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
