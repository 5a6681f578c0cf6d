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

import java.sql.Statement;

import liquibase.database.Database;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CustomPreconditionFailedException;
import liquibase.precondition.CustomPrecondition;

/**
 * A precondition of a user, for whom every error means no.
 *
 * @author Migration Guard
 */
public class OrdersPrecondition implements CustomPrecondition {

	@Override
	public void check(Database database) throws CustomPreconditionFailedException {
		try (Statement statement = ((JdbcConnection) database.getConnection()).createStatement()) {
			statement.executeQuery("select id from orders");
		}
		catch (Exception ex) {
			throw new CustomPreconditionFailedException("No orders", ex);
		}
	}

}
