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

package io.github.migrationguard.blocked;

import java.sql.Connection;
import java.sql.SQLException;

import liquibase.change.custom.CustomTaskChange;
import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomChangeException;
import liquibase.exception.ValidationErrors;
import liquibase.resource.ResourceAccessor;

/**
 * A change of a user that does not care whether it succeeds.
 *
 * @author Migration Guard
 */
public class SwallowingChange implements CustomTaskChange {

	@Override
	public void execute(Database database) throws CustomChangeException {
		Connection connection = ((JdbcConnection) database.getConnection()).getUnderlyingConnection();
		try {
			execute(connection);
		}
		catch (SQLException ex) {
			throw new CustomChangeException(ex);
		}
	}

	void execute(Connection connection) throws SQLException {
		SwallowingMigration.addColumn(connection);
	}

	@Override
	public String getConfirmationMessage() {
		return "Added";
	}

	@Override
	public void setUp() {
	}

	@Override
	public void setFileOpener(ResourceAccessor resourceAccessor) {
	}

	@Override
	public ValidationErrors validate(Database database) {
		return new ValidationErrors();
	}

	/**
	 * Leaves a transaction that can be committed.
	 */
	public static class WithSavepoint extends SwallowingChange {

		@Override
		void execute(Connection connection) throws SQLException {
			SwallowingMigration.addColumnWithSavepoint(connection);
		}

	}

}
