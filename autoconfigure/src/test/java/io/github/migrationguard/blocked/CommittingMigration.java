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
import java.sql.Statement;

import org.flywaydb.core.api.migration.Context;

/**
 * A migration of a user that commits before it alters a table.
 *
 * @author Migration Guard
 */
class CommittingMigration extends SwallowingMigration {

	CommittingMigration() {
		super(Kind.PLAIN);
	}

	@Override
	public void migrate(Context context) throws SQLException {
		execute(context.getConnection());
	}

	static void execute(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("insert into orders values (1)");
			connection.commit();
			statement.execute("alter table orders add total int");
		}
	}

}
