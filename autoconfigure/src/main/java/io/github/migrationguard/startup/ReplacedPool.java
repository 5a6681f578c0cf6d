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
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * What is behind a pool that was replaced by a {@link GuardedHikariDataSource}, in case
 * that somebody has kept it: the method that made the bean, for example. It is a second
 * pool then.
 *
 * @author Migration Guard
 */
final class ReplacedPool extends DelegatingDataSource {

	private static final Log logger = LogFactory.getLog(FirstStatement.class);

	private final String beanName;

	private final FirstStatement firstStatement;

	private final AtomicBoolean used = new AtomicBoolean();

	private ReplacedPool(DataSource target, String beanName, FirstStatement firstStatement) {
		super(target);
		this.beanName = beanName;
		this.firstStatement = firstStatement;
	}

	/**
	 * Let a pool that was replaced notice that it is used.
	 * @param original the pool, which has not been started
	 * @param beanName the name of the bean
	 * @param firstStatement what runs the migrations
	 */
	static void watch(HikariDataSource original, String beanName, FirstStatement firstStatement) {
		DataSource target = target(original);
		if (target != null) {
			original.setDataSource(new ReplacedPool(target, beanName, firstStatement));
		}
	}

	private static @Nullable DataSource target(HikariDataSource original) {
		if (original.getDataSource() != null || original.getDataSourceClassName() != null
				|| original.getJdbcUrl() == null) {
			return original.getDataSource();
		}
		try {
			return new DriverDataSource(original.getJdbcUrl(), original.getDriverClassName(),
					original.getDataSourceProperties(), original.getUsername(), original.getPassword());
		}
		catch (RuntimeException ex) {
			// What is wrong with the URL is told when a pool is started, as in stock
			return null;
		}
	}

	@Override
	public Connection getConnection() throws SQLException {
		noticeUse();
		return super.getConnection();
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		noticeUse();
		return super.getConnection(username, password);
	}

	private void noticeUse() {
		if (this.used.compareAndSet(false, true)) {
			logger.warn(("The pool that the bean '%s' was made of is used beside the bean: there are two pools now."
					+ " Inject the bean instead")
				.formatted(this.beanName));
		}
		this.firstStatement.cannotBeNoticed("a pool is used beside the bean '%s'".formatted(this.beanName));
	}

}
