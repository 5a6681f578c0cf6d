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

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where a {@link MigrationSession} gets its connection from and where it leaves it.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public interface ConnectionSource {

	/**
	 * Borrow a connection.
	 * @return the connection
	 * @throws SQLException if there is none
	 */
	Connection borrow() throws SQLException;

	/**
	 * Give a borrowed connection back that is as it was when it was borrowed.
	 * @param connection the connection
	 * @throws SQLException if it cannot be given back
	 */
	void giveBack(Connection connection) throws SQLException;

	/**
	 * Close a borrowed connection physically, so that nobody uses the session again.
	 * @param connection the connection
	 * @return whether it was closed; {@code false} if this source has no way to do so,
	 * the connection has not been touched then
	 */
	boolean discard(Connection connection);

}
