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
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.github.migrationguard.lock.MigrationSession;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Gives the session of a run to the tool, on the thread that runs it. Everybody else gets
 * what the tool's own {@link DataSource} has: code of the user that opens a connection
 * besides, and other threads, such as one that answers a request for
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

	private final AtomicInteger elsewhere = new AtomicInteger();

	SessionDataSource(DataSource target, MigrationSession session) {
		super(target);
		this.session = session;
	}

	@Override
	public Connection getConnection() throws SQLException {
		if (!isAskedByTool()) {
			return super.getConnection();
		}
		if (Thread.currentThread() != this.runner) {
			if (isMigrating()) {
				this.elsewhere.incrementAndGet();
			}
			return super.getConnection();
		}
		return this.session.isInTransaction() ? super.getConnection() : this.session.connection();
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
