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

import io.github.migrationguard.lock.MigrationSession;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Gives the session of a run to the thread that runs it. Every other thread, such as one
 * that answers a request for {@code /actuator/liquibase} meanwhile, gets what the tool's
 * own {@link DataSource} has.
 *
 * @author Migration Guard
 */
final class SessionDataSource extends DelegatingDataSource {

	private final MigrationSession session;

	private final Thread runner = Thread.currentThread();

	private boolean used;

	private volatile boolean usedElsewhere;

	SessionDataSource(DataSource target, MigrationSession session) {
		super(target);
		this.session = session;
	}

	@Override
	public Connection getConnection() throws SQLException {
		if (Thread.currentThread() != this.runner) {
			this.usedElsewhere = true;
			return super.getConnection();
		}
		this.used = true;
		return this.session.connection();
	}

	/**
	 * Return whether only other threads than the one that runs the migration asked for a
	 * connection.
	 */
	boolean isBypassed() {
		return this.usedElsewhere && !this.used;
	}

}
