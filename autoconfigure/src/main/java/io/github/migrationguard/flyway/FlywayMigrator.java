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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.LockLostException;
import io.github.migrationguard.MigrationFailedException;
import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.ToolLock;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A {@link FlywayMigrationInitializer} bean as a {@link Migrator}.
 *
 * @author Migration Guard
 */
class FlywayMigrator implements Migrator {

	private static final Log logger = LogFactory.getLog(FlywayMigrator.class);

	private static final String FIND_FAILED = "select script from %s where not success order by installed_rank desc limit 1";

	private static final String FORGET_FAILED = "delete from %s where not success and script = ?";

	private final String name;

	private final FlywayAccess access;

	private final DataSource dataSource;

	private final Supplier<List<String>> laterBeans;

	private final FlywayLook look;

	FlywayMigrator(String name, FlywayAccess access, Supplier<List<String>> laterBeans) {
		this.name = name;
		this.access = access;
		this.laterBeans = laterBeans;
		this.dataSource = access.configuration().getDataSource();
		this.look = new FlywayLook(access);
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getTool() {
		return "flyway";
	}

	@Override
	public DataSource getDataSource() {
		return this.dataSource;
	}

	@Override
	public boolean isSwitchedOff() {
		return false;
	}

	@Override
	public void runUnguarded() throws Exception {
		this.access.initializer().afterPropertiesSet();
	}

	/**
	 * A strategy may be there to switch Flyway off.
	 */
	@Override
	public boolean isDatabaseOptional() {
		return this.access.strategy() != null;
	}

	/**
	 * A strategy that has asked for a connection and fails is tried again as soon as
	 * there is one.
	 */
	@Override
	public boolean runWithoutDatabase(SQLException unreachable) throws Exception {
		NoDataSource none = new NoDataSource(unreachable);
		try (LentConfiguration lent = LentConfiguration.of(this.access.configuration(), none)) {
			this.access.initializer().afterPropertiesSet();
			return true;
		}
		catch (RuntimeException ex) {
			if (none.isAsked()) {
				logger.debug("The strategy needs the database", ex);
				return false;
			}
			throw ex;
		}
	}

	@Override
	public MigrationLook look(Connection connection) throws Exception {
		return this.look.look(connection);
	}

	@Override
	public void forget() {
		this.look.forget();
	}

	@Override
	public MigrationLook lookAsWaiter(Connection connection) throws Exception {
		return this.look.lookAsWaiter(connection);
	}

	@Override
	public List<String> findLaterBeans() {
		return this.laterBeans.get();
	}

	@Override
	public @Nullable ToolLock findForeignLock(Connection connection, MigrationTarget target) throws SQLException {
		return new FlywayLock(target).findForeign(connection);
	}

	@Override
	public void migrate(GuardedRun run) throws Exception {
		LockingDataSource dataSource = new LockingDataSource(run, new FlywayLock(run.getTarget()));
		MigrationCallback callback = new MigrationCallback(run);
		try (LentConfiguration lent = LentConfiguration.of(this.access.configuration(), dataSource, callback)) {
			this.access.initializer().afterPropertiesSet();
			callback.ended();
		}
		catch (FlywayException ex) {
			checkLock(run, ex);
			throw explained(ex, run, callback.failedConfiguration());
		}
		finally {
			dataSource.unlock();
		}
	}

	/**
	 * Flyway fails if its lock was lost. Ours was lost with it, then.
	 */
	private static void checkLock(GuardedRun run, FlywayException failure) {
		try {
			run.checkLock();
		}
		catch (LockLostException ex) {
			ex.addSuppressed(failure);
			throw ex;
		}
		catch (MigrationFailedException ex) {
			logger.debug("Whether the lock is held is not known", ex);
		}
	}

	/**
	 * Flyway records that a migration failed that is not transactional. With its
	 * transactional lock, which is on by default, that record is rolled back with the
	 * lock, so it is not kept here either. One that has changed nothing can be tried
	 * again without a repair by hand in any case.
	 * @see org.flywaydb.core.internal.database.postgresql.PostgreSQLConnection
	 */
	private static void forget(Connection connection, String history, String script) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(FORGET_FAILED.formatted(history))) {
			statement.setString(1, script);
			statement.executeUpdate();
		}
	}

	/**
	 * The history of another Flyway, which a strategy has made, is left alone.
	 */
	private RuntimeException explained(FlywayException failure, GuardedRun run, @Nullable Configuration failed) {
		if (failed != null && failed != this.access.configuration()) {
			return failure;
		}
		String history = run.getTarget().history().identifier();
		try (Connection connection = run.openConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(FIND_FAILED.formatted(history))) {
			if (!row.next()) {
				return failure;
			}
			String script = row.getString(1);
			if (failed != null && (TransactionalLock.isOn(failed) || run.isUndone())) {
				forget(connection, history, script);
				return failure;
			}
			return new RepairNeededException(script, history, failure);
		}
		catch (SQLException ex) {
			logger.debug("Whether the history holds a failed migration is not known", ex);
			return failure;
		}
	}

	/**
	 * Has no connection for anybody.
	 */
	private static final class NoDataSource extends AbstractDataSource {

		private final SQLException unreachable;

		private boolean asked;

		NoDataSource(SQLException unreachable) {
			this.unreachable = unreachable;
		}

		boolean isAsked() {
			return this.asked;
		}

		@Override
		public Connection getConnection() throws SQLException {
			this.asked = true;
			throw this.unreachable;
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
