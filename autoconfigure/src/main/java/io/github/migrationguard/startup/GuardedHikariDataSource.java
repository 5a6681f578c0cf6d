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

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;

/**
 * A pool in the place of one that has not been started: it has taken over the
 * configuration, and its connections notice their first statement.
 *
 * @author Migration Guard
 */
class GuardedHikariDataSource extends HikariDataSource {

	private final FirstStatement firstStatement;

	GuardedHikariDataSource(HikariDataSource original, FirstStatement firstStatement) {
		original.copyStateTo(this);
		this.firstStatement = firstStatement;
		firstStatement.addHarmless(original.getConnectionTestQuery());
	}

	boolean isGuardedBy(FirstStatement firstStatement) {
		return this.firstStatement == firstStatement;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return this.firstStatement.isOver() ? connection
				: FirstStatementConnection.guard(this.firstStatement, connection, super::getConnection);
	}

}
