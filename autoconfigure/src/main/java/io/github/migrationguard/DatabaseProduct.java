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
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What is behind a connection. Asks the driver only, no statement is sent.
 *
 * @param name the product and its version
 * @param isPostgres whether it is PostgreSQL itself
 * @param wrapper the class that hides the connection of PostgreSQL's driver, or
 * {@code null}
 * @param url the JDBC URL without user, password and parameters, or {@code null}
 * @author Migration Guard
 */
record DatabaseProduct(String name, boolean isPostgres, @Nullable String wrapper, @Nullable String url) {

	private static final String POSTGRES = "PostgreSQL";

	/**
	 * A parameter that CockroachDB reports when a connection is made. It speaks
	 * PostgreSQL's protocol, but its advisory locks lock nothing.
	 */
	private static final String COCKROACH_PARAMETER = "crdb_version";

	static DatabaseProduct of(Connection connection) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		String url = (metaData.getURL() != null) ? JdbcUrls.withoutSecrets(metaData.getURL()) : null;
		if (!connection.isWrapperFor(PGConnection.class)) {
			String name = metaData.getDatabaseProductName();
			String wrapper = connection.getClass().getName();
			return new DatabaseProduct(name + " behind " + wrapper, false, POSTGRES.equals(name) ? wrapper : null, url);
		}
		String cockroach = connection.unwrap(PGConnection.class).getParameterStatus(COCKROACH_PARAMETER);
		if (cockroach != null) {
			return new DatabaseProduct("CockroachDB", false, null, url);
		}
		return new DatabaseProduct(POSTGRES + " " + firstWord(metaData.getDatabaseProductVersion()), true, null, url);
	}

	private static String firstWord(String version) {
		return version.split(" ", 2)[0];
	}

	MigrationStatus.Database toStatus(@Nullable String history) {
		return new MigrationStatus.Database(this.name, this.url, history);
	}

}
