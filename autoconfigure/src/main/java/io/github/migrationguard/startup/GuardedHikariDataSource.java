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

package io.github.migrationguard.startup;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;

/**
 * A pool in the place of one that has not been started: it has taken over the
 * configuration, and its connections notice their first statement.
 *
 * @author Migration Guard
 */
class GuardedHikariDataSource extends HikariDataSource {

	private final FirstStatement firstStatement;

	private boolean openedEarly;

	GuardedHikariDataSource(HikariDataSource original, FirstStatement firstStatement) {
		original.copyStateTo(this);
		this.firstStatement = firstStatement;
		firstStatement.addHarmless(original.getConnectionTestQuery());
	}

	/**
	 * Return whether a bean is a pool that has not been started, so that another one can
	 * take its place.
	 */
	static boolean isReplaceable(Object bean) {
		return bean.getClass() == HikariDataSource.class && !((HikariDataSource) bean).isRunning()
				&& !((HikariDataSource) bean).isClosed();
	}

	static HikariDataSource replace(HikariDataSource original, String beanName, FirstStatement firstStatement) {
		HikariDataSource replacement = new GuardedHikariDataSource(original, firstStatement);
		ReplacedPool.watch(original, beanName, firstStatement);
		return replacement;
	}

	static boolean isGuarded(DataSource dataSource, FirstStatement firstStatement) {
		return dataSource instanceof GuardedHikariDataSource pool && pool.firstStatement == firstStatement;
	}

	@Override
	public Connection getConnection() throws SQLException {
		if (this.firstStatement.isOver()) {
			return borrow();
		}
		this.openedEarly = true;
		return FirstStatementConnection.guard(this.firstStatement, this.firstStatement.connect(super::getConnection),
				this::borrow);
	}

	/**
	 * A connection that was opened before the migrations does not know what they have set
	 * for the role or the database, as the search path. Without Migration Guard it would
	 * have been opened after them.
	 */
	private Connection borrow() throws SQLException {
		if (this.openedEarly && this.firstStatement.isOver()) {
			this.openedEarly = false;
			if (isRunning() && this.firstStatement.hasChangedDatabase()) {
				getHikariPoolMXBean().softEvictConnections();
			}
		}
		return super.getConnection();
	}

}
