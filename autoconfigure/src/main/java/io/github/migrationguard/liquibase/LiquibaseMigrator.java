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

package io.github.migrationguard.liquibase;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.ToolLock;
import io.github.migrationguard.liquibase.GuardedLockService.LiquibaseRun;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.analytics.configuration.AnalyticsArgs;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.FastCheckService;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A {@link SpringLiquibase} bean as a {@link Migrator}.
 *
 * @author Migration Guard
 */
class LiquibaseMigrator implements Migrator {

	/**
	 * Two updates at once in one JVM, even of different databases, leave
	 * DATABASECHANGELOGLOCK locked without an error.
	 * @see <a href=
	 * "https://github.com/liquibase/liquibase/issues/7956">liquibase#7956</a>
	 */
	private static final ReentrantLock JVM_LOCK = new ReentrantLock();

	private final String name;

	private final String group;

	private final SpringLiquibase liquibase;

	private final Supplier<List<String>> laterBeans;

	/**
	 * Kept, because the bean has another one while it runs.
	 */
	private final DataSource dataSource;

	private final SpringLiquibaseAccess access;

	private final LiquibaseLook look;

	LiquibaseMigrator(String name, SpringLiquibase liquibase) {
		this(name, name, liquibase, List::of);
	}

	/**
	 * Create a migrator that is one of several.
	 * @param name its name
	 * @param group the name of the bean that it belongs to
	 * @param liquibase what it runs
	 * @param laterBeans the beans that run Liquibase and are not created yet
	 */
	LiquibaseMigrator(String name, String group, SpringLiquibase liquibase, Supplier<List<String>> laterBeans) {
		this.name = name;
		this.group = group;
		this.liquibase = liquibase;
		this.laterBeans = laterBeans;
		this.dataSource = liquibase.getDataSource();
		this.access = new SpringLiquibaseAccess(liquibase);
		this.look = new LiquibaseLook(this.access);
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getTool() {
		return "liquibase";
	}

	@Override
	public String getGroup() {
		return this.group;
	}

	@Override
	public DataSource getDataSource() {
		return this.dataSource;
	}

	@Override
	public boolean isSwitchedOff() {
		return !this.access.shouldRun();
	}

	@Override
	public void runUnguarded() throws Exception {
		this.liquibase.afterPropertiesSet();
	}

	@Override
	public Lock getJvmLock() {
		return JVM_LOCK;
	}

	@Override
	public MigrationLook look(Connection connection) throws Exception {
		return look(() -> this.look.look(connection));
	}

	@Override
	public MigrationLook lookAsWaiter(Connection connection) throws Exception {
		return look(() -> this.look.lookAsWaiter(connection));
	}

	/**
	 * See what a run would work on, and nothing else.
	 */
	MigrationLook lookAtTarget(Connection connection) throws Exception {
		return look(() -> this.look.lookAtTarget(connection));
	}

	private MigrationLook look(Callable<MigrationLook> look) throws Exception {
		boolean exclusive = JVM_LOCK.tryLock();
		try {
			return look.call();
		}
		finally {
			if (exclusive) {
				resetHistoryServices();
				JVM_LOCK.unlock();
			}
		}
	}

	/**
	 * Liquibase keeps a history service with all its rows for every connection that it
	 * ever saw.
	 */
	private static void resetHistoryServices() {
		Scope.getCurrentScope().getSingleton(ChangeLogHistoryServiceFactory.class).resetAll();
	}

	@Override
	public void forget() {
		this.look.forget();
	}

	@Override
	public List<String> findLaterBeans() {
		return this.laterBeans.get();
	}

	@Override
	public @Nullable ToolLock findForeignLock(Connection connection, MigrationTarget target) throws SQLException {
		return changelogLock(target).findForeign(connection);
	}

	@Override
	public void releaseStaleLock(Connection connection, MigrationTarget target) throws SQLException {
		changelogLock(target).releaseLeftBehind(connection);
	}

	private static ChangelogLock changelogLock(MigrationTarget target) {
		return new ChangelogLock(target.lockName(), target.lockIdentity());
	}

	@Override
	public void migrate(GuardedRun run) throws Exception {
		// The cache says "up to date" for ever, also after somebody removed a record
		Scope.getCurrentScope().getSingleton(FastCheckService.class).clearCache();
		LiquibaseRun liquibaseRun = new LiquibaseRun(run,
				new LockMarker(run.getLockKey(), run.getBackend(), run.getInstance()));
		DatabaseChangeLog changeLog = this.look.takeChangeLog();
		Customizer<Liquibase> customizer = this.liquibase.getCustomizer();
		Boolean analyticsEnabled = this.liquibase.getAnalyticsEnabled();
		try {
			this.liquibase.setDataSource(run.getDataSource());
			Assert.state(this.liquibase.getDataSource() == run.getDataSource(),
					() -> "'%s' does not return the DataSource that was set: do not override getDataSource(), so that the migration runs on the session that holds the lock"
						.formatted(this.liquibase.getClass().getName()));
			this.liquibase.setCustomizer((target) -> customize(target, customizer, changeLog, run));
			this.liquibase.setAnalyticsEnabled(isAnalyticsEnabled(analyticsEnabled));
			Scope.child(Map.of(GuardedLockService.scopeKey(), liquibaseRun), this.liquibase::afterPropertiesSet);
		}
		finally {
			this.liquibase.setDataSource(this.dataSource);
			this.liquibase.setCustomizer(customizer);
			this.liquibase.setAnalyticsEnabled(analyticsEnabled);
			resetHistoryServices();
		}
	}

	private void customize(Liquibase target, @Nullable Customizer<Liquibase> customizer,
			@Nullable DatabaseChangeLog changeLog, GuardedRun run) {
		if (customizer != null) {
			customizer.customize(target);
		}
		if (changeLog != null) {
			this.access.setChangeLog(target, changeLog);
		}
		this.access.addListener(target, new ChangeSetListener(run));
	}

	@Override
	public void afterRun() {
		this.access.closeDataSource();
	}

	/**
	 * A request to somebody else's server during a start-up only if the user wants it.
	 */
	private static @Nullable Boolean isAnalyticsEnabled(@Nullable Boolean configured) {
		boolean configuredElsewhere = AnalyticsArgs.ENABLED.getCurrentConfiguredValue().found();
		return (configured != null || configuredElsewhere) ? configured : Boolean.FALSE;
	}

}
