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

package io.github.migrationguard.flyway;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.ToolLockTakenException;
import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Takes Flyway's own lock as soon as a run asks for the session, and keeps it to the end.
 * Flyway releases it after each migration, whereupon somebody who is not guarded could
 * come in between; the server counts how often a session has it.
 *
 * @author Migration Guard
 */
final class LockingDataSource extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(LockingDataSource.class);

	private final GuardedRun run;

	private final FlywayLock lock;

	private boolean locked;

	LockingDataSource(GuardedRun run, FlywayLock lock) {
		super(run.getDataSource());
		this.run = run;
		this.lock = lock;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		if (MigrationSession.isSession(connection) && !this.locked) {
			lock(connection);
		}
		return connection;
	}

	private void lock(Connection connection) throws SQLException {
		this.locked = this.lock.tryLock(connection);
		if (!this.locked) {
			connection.close();
			throw new ToolLockTakenException("Somebody who is not guarded has taken Flyway's lock");
		}
	}

	/**
	 * Release the lock. One that cannot be released is no failed run: it goes with the
	 * session, which is closed after it.
	 */
	void unlock() {
		if (!this.locked) {
			return;
		}
		this.locked = false;
		try (Connection connection = this.run.openConnection()) {
			if (!this.lock.unlock(connection)) {
				logger.debug("The session did not hold Flyway's lock any more");
			}
		}
		catch (SQLException ex) {
			logger.debug("Flyway's lock could not be released", ex);
		}
	}

}
