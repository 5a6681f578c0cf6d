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

import java.lang.StackWalker.Option;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.migrationguard.lock.MigrationSession;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.ReflectionUtils;

/**
 * Gives the session of a run to the tool, on the thread that runs it. Everybody else gets
 * what the tool's own {@link DataSource} has: code of the user that opens a connection
 * besides that of the tool, and other threads, such as one that answers a request for
 * {@code /actuator/liquibase} meanwhile. So does the tool while the session is in a
 * transaction, as two transactions cannot share one session.
 *
 * @author Migration Guard
 */
final class SessionDataSource extends DelegatingDataSource {

	private static final Set<String> TOOLS = Set.of("liquibase.", "org.flywaydb.");

	private static final Set<String> MIGRATING = Set
		.of("liquibase.integration.spring.SpringLiquibase.afterPropertiesSet", "org.flywaydb.core.Flyway.migrate");

	private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

	private final MigrationSession session;

	private final Thread runner = Thread.currentThread();

	private static final @Nullable Method ROUTE = ReflectionUtils.findMethod(AbstractRoutingDataSource.class,
			"determineTargetDataSource");

	private final AtomicInteger elsewhere = new AtomicInteger();

	private final @Nullable AbstractRoutingDataSource routing;

	/**
	 * Where the data source led when the session was opened.
	 */
	private final @Nullable Object route;

	private boolean rerouted;

	private boolean besideTransaction;

	private final boolean onlyConnection;

	private @Nullable Connection ofTool;

	SessionDataSource(DataSource target, MigrationSession session) {
		super(target);
		this.session = session;
		this.routing = (TargetDataSource.of(target) instanceof AbstractRoutingDataSource source) ? source : null;
		this.route = route();
		this.onlyConnection = PooledConnectionSource.isPoolOfOne(target);
	}

	@Override
	public Connection getConnection() throws SQLException {
		boolean tool = isAskedByTool();
		if (Thread.currentThread() != this.runner) {
			if (tool && isMigrating()) {
				this.elsewhere.incrementAndGet();
			}
			return borrow();
		}
		if (!Objects.equals(route(), this.route)) {
			this.rerouted |= tool;
			return borrow();
		}
		if (this.session.isInTransaction()) {
			this.besideTransaction |= tool && !isUsedByTool() && isMigrating();
			return borrow();
		}
		if (!tool && (!this.onlyConnection || isUsedByTool())) {
			return borrow();
		}
		Connection connection = this.session.connection();
		if (tool) {
			this.ofTool = connection;
		}
		return connection;
	}

	private Connection borrow() throws SQLException {
		return OwnConnections.borrow(obtainTargetDataSource());
	}

	/**
	 * Before the tool has a connection and after it, code of the user gets the session,
	 * too, where that is the only connection of its pool.
	 */
	private boolean isUsedByTool() throws SQLException {
		return this.ofTool != null && !this.ofTool.isClosed();
	}

	/**
	 * Return where a routing data source leads at this moment. Several pools may lead to
	 * the same database in the same way.
	 */
	private @Nullable Object route() {
		if (this.routing == null || ROUTE == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(ROUTE);
		Object target = ReflectionUtils.invokeMethod(ROUTE, this.routing);
		return (target instanceof DataSource dataSource) ? JdbcUrls.findAddress(dataSource) : target;
	}

	/**
	 * Return whether the data source has led the tool to another database than the one
	 * that the session is connected to.
	 */
	boolean isRerouted() {
		return this.rerouted;
	}

	/**
	 * Return whether the tool has got another connection to migrate on, as code of the
	 * user had begun a transaction on the session.
	 */
	boolean isBesideTransaction() {
		return this.besideTransaction;
	}

	/**
	 * Return how many connections were opened to migrate on other threads, unguarded.
	 */
	int openedElsewhere() {
		return this.elsewhere.get();
	}

	/**
	 * The tool asks by itself, or a data source does that a user has put around this one.
	 */
	private static boolean isAskedByTool() {
		return STACK.walk((frames) -> frames.map((frame) -> frame.getDeclaringClass())
			.dropWhile(DataSource.class::isAssignableFrom)
			.findFirst()
			.filter((caller) -> TOOLS.stream().anyMatch(caller.getName()::startsWith))
			.isPresent());
	}

	/**
	 * Others than those who migrate only look.
	 */
	private static boolean isMigrating() {
		return STACK.walk((frames) -> frames.anyMatch(
				(frame) -> MIGRATING.contains(frame.getDeclaringClass().getName() + "." + frame.getMethodName())));
	}

}
