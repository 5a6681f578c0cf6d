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
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.OwnConnections;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.StringUtils;

/**
 * Lets no statement of the application reach a database before its migrations: the first
 * one that is sent after the bean of a migrator has been initialized runs them, on the
 * thread that sends it, and all others wait.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class FirstStatement {

	private static final long LOOK_MILLIS = 250;

	/**
	 * How often in a row the running thread is seen waiting before a statement is let
	 * through that it may be waiting for.
	 */
	private static final int LOOKS = 4;

	private final StartupPlan plan;

	private final MigrationGuard guard;

	private final ConfigurableListableBeanFactory beanFactory;

	private final StatementSender sender;

	/**
	 * Statements that tell nothing about the schema.
	 */
	private final Set<String> harmless = ConcurrentHashMap.newKeySet();

	private volatile boolean over;

	private volatile @Nullable Runnable migrations;

	/**
	 * Threads that the running one has waited for.
	 */
	private final Set<Thread> letThrough = ConcurrentHashMap.newKeySet();

	/**
	 * Connections of the application, as long as their use can be noticed.
	 */
	private final Set<FirstStatementConnection> borrowed = ConcurrentHashMap.newKeySet();

	private @Nullable Thread runner;

	private boolean begun;

	/**
	 * Create an instance that lets every statement pass as long as nothing is to be run.
	 * @param plan when the migrations run
	 * @param guard the guard that runs them
	 * @param beanFactory the factory of the beans that may send statements
	 */
	public FirstStatement(StartupPlan plan, MigrationGuard guard, ConfigurableListableBeanFactory beanFactory) {
		this.plan = plan;
		this.guard = guard;
		this.beanFactory = beanFactory;
		this.sender = new StatementSender(beanFactory);
		this.over = plan.isInRefresh();
		this.harmless.add("select version()");
	}

	/**
	 * Run migrations before the next statement of the application. Called at the moment
	 * at which the tool would have run them by itself.
	 * @param migrations runs them
	 */
	public void expect(Runnable migrations) {
		this.migrations = migrations;
		String name = GuardedDataSources.findUnguarded(this.beanFactory, this);
		if (name != null) {
			cannotBeNoticed(
					"statements over the data source '%s' cannot be noticed: it was there too early".formatted(name));
		}
	}

	/**
	 * Run the migrations on this thread, after the run of another one. Meanwhile
	 * statements wait; from then on they do not.
	 * @param migrations runs them
	 */
	public void run(Runnable migrations) {
		begin(false);
		runToEnd(migrations);
	}

	/**
	 * Say that statements of some bean cannot be noticed, so that the migrations must not
	 * be left for later than the tool would have left them.
	 * @param reason why not, in one sentence
	 */
	void cannotBeNoticed(String reason) {
		if (this.over || isOwn()) {
			return;
		}
		this.plan.runEarlierThanUnnoticed(reason);
		Runnable migrations = this.migrations;
		if (migrations != null && !this.plan.isGateForced()) {
			run(migrations);
		}
	}

	/**
	 * Return whether nothing has to be noticed any more.
	 */
	boolean isOver() {
		return this.over;
	}

	/**
	 * Return whether what this thread does with a connection is a matter of the
	 * migrations themselves.
	 */
	boolean isOwn() {
		return OwnConnections.isBorrowing() || this.guard.isRunner();
	}

	/**
	 * Return whether a statement of this thread has to wait.
	 */
	boolean isAwaited() {
		return !this.over && this.migrations != null && !isOwn() && !this.letThrough.contains(Thread.currentThread())
				&& !this.sender.isActuator();
	}

	/**
	 * Open a connection for the application. What it needs may be made by the migrations,
	 * such as a function in the init SQL of its pool, or its role: a failure is followed
	 * by them and by another attempt.
	 * @param source opens the connection
	 * @return the connection
	 */
	<E extends Throwable> Connection connect(Connector<E> source) throws E {
		try {
			return source.connect();
		}
		catch (Throwable ex) {
			if (ex instanceof Error || !isAwaited() || this.plan.isGateForced()) {
				throw ex;
			}
			await();
			return source.connect();
		}
	}

	/**
	 * Return whether the migrations may have changed the database since this application
	 * was started, be it by another instance.
	 */
	boolean hasChangedDatabase() {
		return this.guard.getStatus()
			.stream()
			.anyMatch((status) -> status.state() != MigrationState.UP_TO_DATE
					|| (status.lock() != null && status.lock().waitedFor() != null));
	}

	/**
	 * Let a statement wait until the migrations are done, and run them if nobody else
	 * does.
	 */
	void await() {
		Runnable migrations = this.migrations;
		if (migrations != null) {
			prepareRun();
			try (SuspendedTransaction suspended = SuspendedTransaction.suspend()) {
				if (begin(true)) {
					runToEnd(migrations);
				}
			}
		}
	}

	private synchronized void prepareRun() {
		if (this.begun) {
			return;
		}
		if (this.plan.isGateForced()) {
			throw new StatementBeforeMigrationsException(this.sender.describe());
		}
		this.plan.runEarlier(StartupCause.FIRST_STATEMENT, this.sender.describe() + "; " + this.sender.hint());
	}

	/**
	 * Wait for the run of another thread.
	 * @param statement whether it is a statement that waits
	 * @return whether this thread is to run the migrations now
	 */
	private synchronized boolean begin(boolean statement) {
		int waiting = 0;
		while (this.runner != null && this.runner != Thread.currentThread()) {
			waiting = this.guard.isRunnerWaiting() ? waiting + 1 : 0;
			if (statement && waiting == LOOKS) {
				this.letThrough.add(Thread.currentThread());
				return false;
			}
			if (!pause(statement)) {
				break;
			}
		}
		if (statement && this.over) {
			return false;
		}
		this.runner = Thread.currentThread();
		this.begun = true;
		return true;
	}

	/**
	 * The thread that starts the application waits without a limit: Spring interrupts it
	 * then if the context is closed.
	 * @return {@code false} if that has happened, so that the run of the other thread has
	 * to be stopped
	 */
	private boolean pause(boolean statement) {
		try {
			wait(statement ? LOOK_MILLIS : 0);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			if (statement) {
				throw new IllegalStateException("Interrupted while another thread runs the migrations", ex);
			}
			return false;
		}
	}

	private void runToEnd(Runnable migrations) {
		try {
			this.borrowed.forEach(FirstStatementConnection::giveBackIfKept);
			migrations.run();
			this.over = true;
			this.borrowed.clear();
		}
		finally {
			end();
		}
	}

	private synchronized void end() {
		this.runner = null;
		this.letThrough.clear();
		notifyAll();
	}

	void borrowed(FirstStatementConnection connection) {
		this.borrowed.add(connection);
	}

	void closed(FirstStatementConnection connection) {
		this.borrowed.remove(connection);
	}

	/**
	 * Let a statement pass, such as the one with which a pool tests its connections.
	 */
	void addHarmless(@Nullable String sql) {
		if (StringUtils.hasText(sql)) {
			this.harmless.add(normalize(sql));
		}
	}

	boolean isHarmless(String sql) {
		return this.harmless.contains(normalize(sql));
	}

	private static String normalize(String sql) {
		return StringUtils.trimTrailingCharacter(sql.trim().toLowerCase(Locale.ROOT), ';').trim();
	}

	/**
	 * Opens a connection.
	 *
	 * @param <E> the type of the failure
	 */
	@FunctionalInterface
	interface Connector<E extends Throwable> {

		Connection connect() throws E;

	}

}
