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
import java.sql.Savepoint;
import java.sql.Statement;

import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * A migration of a user that does not care whether it succeeds.
 *
 * @author Migration Guard
 */
class SwallowingMigration implements JavaMigration {

	private final Kind kind;

	SwallowingMigration(Kind kind) {
		this.kind = kind;
	}

	@Override
	public void migrate(Context context) throws SQLException {
		if (this.kind == Kind.WITH_SAVEPOINT) {
			addColumnWithSavepoint(context.getConnection());
		}
		else {
			addColumn(context.getConnection());
		}
	}

	static void addColumn(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("alter table orders add total int");
		}
		catch (SQLException ex) {
			// It does not matter
		}
	}

	static void addColumnWithSavepoint(Connection connection) throws SQLException {
		Savepoint savepoint = connection.setSavepoint();
		try (Statement statement = connection.createStatement()) {
			statement.execute("alter table orders add total int");
		}
		catch (SQLException ex) {
			connection.rollback(savepoint);
		}
	}

	@Override
	public MigrationVersion getVersion() {
		return MigrationVersion.fromVersion("1");
	}

	@Override
	public String getDescription() {
		return "total";
	}

	@Override
	public @Nullable Integer getChecksum() {
		return null;
	}

	@Override
	public boolean canExecuteInTransaction() {
		return this.kind != Kind.OUTSIDE_TRANSACTION;
	}

	enum Kind {

		PLAIN, WITH_SAVEPOINT, OUTSIDE_TRANSACTION

	}

}
