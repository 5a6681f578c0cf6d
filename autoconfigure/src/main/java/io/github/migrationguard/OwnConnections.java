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

package io.github.migrationguard;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

/**
 * Connections that are borrowed for a migration or to watch it, and not by the
 * application: they wait for nothing.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class OwnConnections {

	private static final ThreadLocal<Boolean> BORROWING = new ThreadLocal<>();

	private OwnConnections() {
	}

	/**
	 * Borrow a connection.
	 * @param dataSource where to borrow it
	 * @return the connection
	 * @throws SQLException if there is none
	 */
	static Connection borrow(DataSource dataSource) throws SQLException {
		BORROWING.set(true);
		try {
			return dataSource.getConnection();
		}
		finally {
			BORROWING.remove();
		}
	}

	/**
	 * Return whether the connection that this thread is about to get is such a one.
	 * @return whether it is not for the application
	 */
	public static boolean isBorrowing() {
		return BORROWING.get() != null;
	}

}
