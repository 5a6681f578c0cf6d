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
import java.sql.Statement;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.ProxyConnection;
import io.github.migrationguard.lock.ConnectionSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.postgresql.core.BaseConnection;

import org.springframework.jdbc.datasource.ConnectionProxy;
import org.springframework.jdbc.datasource.SmartDataSource;
import org.springframework.util.ClassUtils;

/**
 * The tool's own {@link DataSource} as the source of the session, so that all holds that
 * the user configured there: credentials, init SQL, SSL.
 *
 * @author Migration Guard
 */
final class PooledConnectionSource implements ConnectionSource {

	private static final Log logger = LogFactory.getLog(PooledConnectionSource.class);

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			PooledConnectionSource.class.getClassLoader());

	private final DataSource dataSource;

	PooledConnectionSource(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Return whether it does not matter which thread borrows a connection. HikariCP makes
	 * them on threads of its own; a data source that chooses, or a subclass, may look at
	 * what the current thread has.
	 */
	boolean isForAnyThread() {
		return HIKARI && HikariPools.isPlain(this.dataSource);
	}

	/**
	 * Return whether a data source is a pool that never has more than one connection.
	 */
	static boolean isPoolOfOne(DataSource dataSource) {
		return HIKARI && HikariPools.isPoolOfOne(TargetDataSource.of(dataSource));
	}

	@Override
	public Connection borrow() throws SQLException {
		return OwnConnections.borrow(this.dataSource);
	}

	@Override
	public void giveBack(Connection connection) throws SQLException {
		connection.close();
	}

	@Override
	public boolean discard(Connection connection) {
		DataSource target = TargetDataSource.of(this.dataSource);
		if (HIKARI && target instanceof HikariDataSource pool) {
			return HikariPools.evict(pool, connection);
		}
		boolean hasOnlyOne = target instanceof SmartDataSource;
		return !hasOnlyOne && closePhysically(connection) && giveBackClosed(connection);
	}

	/**
	 * Not all that a migration leaves in its session can be undone: settings that nobody
	 * can list, and what else is not known.
	 */
	private static boolean closePhysically(Connection connection) {
		try {
			connection.unwrap(BaseConnection.class).close();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Pools see that a connection is closed when it fails or when it is given back.
	 */
	private static boolean giveBackClosed(Connection connection) {
		try (connection; Statement statement = connection.createStatement()) {
			statement.execute("select 1");
		}
		catch (SQLException ex) {
			logger.debug("The connection of the migration session was closed", ex);
		}
		return true;
	}

	/**
	 * Keeps the optional HikariCP out of the class above.
	 */
	private static final class HikariPools {

		static boolean isPlain(DataSource dataSource) {
			Class<?> type = dataSource.getClass();
			return type == HikariDataSource.class || (dataSource instanceof HikariDataSource
					&& type.getPackageName().startsWith(MigrationGuard.class.getPackageName()));
		}

		static boolean isPoolOfOne(DataSource dataSource) {
			return dataSource instanceof HikariDataSource pool && pool.getMaximumPoolSize() == 1;
		}

		static boolean evict(HikariDataSource pool, Connection connection) {
			try {
				pool.evictConnection(findPooled(connection));
				return !pool.isClosed();
			}
			catch (SQLException ex) {
				return false;
			}
		}

		private static Connection findPooled(Connection connection) throws SQLException {
			if (connection instanceof ConnectionProxy proxy) {
				return findPooled(proxy.getTargetConnection());
			}
			return (connection instanceof ProxyConnection) ? connection : connection.unwrap(ProxyConnection.class);
		}

	}

}
