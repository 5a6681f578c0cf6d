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

package io.github.migrationguard.sample.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.migrationguard.sample.embedded.EmbeddedDatabase;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * A session that has read {@code orders} in a transaction and is forgotten, with the
 * transaction open: nobody can change the table until it ends.
 *
 * @author Migration Guard
 */
class ForgottenSession implements AutoCloseable {

	private static final String APPLICATION_NAME = "psql";

	private static final int SECONDS_TO_ANSWER = 5;

	private final Connection connection;

	private boolean over;

	ForgottenSession(EmbeddedDatabase database) throws SQLException {
		this.connection = database.connect(APPLICATION_NAME);
		this.connection.setAutoCommit(false);
		try (Statement statement = this.connection.createStatement();
				ResultSet result = statement.executeQuery("select count(*) from orders")) {
			result.next();
		}
	}

	/**
	 * End the transaction, as its owner does who remembers it.
	 */
	synchronized void remember() {
		if (!this.over) {
			this.over = true;
			try {
				this.connection.rollback();
			}
			catch (SQLException ex) {
				// Somebody else has ended the session
			}
		}
	}

	/**
	 * Return whether somebody else has ended the session.
	 * @return whether it is gone
	 */
	boolean isTerminated() {
		try {
			return !this.connection.isValid(SECONDS_TO_ANSWER);
		}
		catch (SQLException ex) {
			return true;
		}
	}

	@Override
	public void close() {
		JdbcUtils.closeConnection(this.connection);
	}

}
