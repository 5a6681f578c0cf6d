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

package io.github.migrationguard.gate;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationStoppedException;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.RedactedFailure;
import io.github.migrationguard.startup.FirstStatement;
import io.github.migrationguard.startup.StartupPlan;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.ApplicationEventMulticaster;

/**
 * Runs the migrations on the thread that starts the application: as soon as their beans
 * are initialized, or when the {@link MigrationGate} says so. Meanwhile a SIGTERM is
 * heard.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class MigrationStarter {

	private static final Log logger = LogFactory.getLog(MigrationStarter.class);

	private final MigrationGuard guard;

	private final StartupPlan plan;

	private final FirstStatement firstStatement;

	private final OnFailure onFailure;

	private final ObjectProvider<EarlyProbe> earlyProbe;

	private final ObjectProvider<ApplicationEventMulticaster> eventMulticaster;

	private volatile boolean announced;

	private volatile boolean refreshed;

	/**
	 * Create a starter.
	 * @param guard the guard that runs the migrations
	 * @param plan when they run
	 * @param firstStatement what runs them earlier if need be
	 * @param onFailure what to do if a migration fails
	 * @param earlyProbe what answers while there is no web server yet
	 * @param eventMulticaster what knows the listeners of the application
	 */
	public MigrationStarter(MigrationGuard guard, StartupPlan plan, FirstStatement firstStatement, OnFailure onFailure,
			ObjectProvider<EarlyProbe> earlyProbe, ObjectProvider<ApplicationEventMulticaster> eventMulticaster) {
		this.guard = guard;
		this.plan = plan;
		this.firstStatement = firstStatement;
		this.onFailure = onFailure;
		this.earlyProbe = earlyProbe;
		this.eventMulticaster = eventMulticaster;
	}

	/**
	 * Called when the bean of a migrator has been initialized: its migration is run at
	 * once if it is time for that, or if that time is over.
	 * @param migrator the migrator
	 */
	public void initialized(Migrator migrator) {
		this.guard.register(migrator);
		if (this.guard.isRunner()) {
			return;
		}
		if (this.refreshed) {
			this.firstStatement.run(this::run);
		}
		else if (this.plan.isInRefresh()) {
			this.firstStatement.run(this::runEarly);
		}
		else {
			this.firstStatement.expect(this::runEarly);
		}
	}

	/**
	 * Run every migration that is not done, and from now on each one that comes later as
	 * soon as it is there.
	 */
	public void migrate() {
		this.refreshed = true;
		this.firstStatement.run(this::run);
	}

	private void runEarly() {
		if (this.plan.isInRefresh() && !this.announced) {
			this.announced = true;
			logger.info("The migrations run now, before the web server is started: " + this.plan.reason());
			this.earlyProbe.ifAvailable(EarlyProbe::open);
		}
		run();
	}

	private void run() {
		ShutdownHook hook = new ShutdownHook(this.guard);
		try {
			migrateUntilDone();
		}
		catch (RuntimeException ex) {
			forgetListeners();
			throw ex;
		}
		finally {
			hook.close();
		}
		// Stopped between the end of the run and here?
		this.guard.migrate();
	}

	private void migrateUntilDone() {
		while (true) {
			try {
				this.guard.migrate();
				return;
			}
			catch (MigrationStoppedException ex) {
				stopRunOfOtherThread();
				throw ex;
			}
			catch (RuntimeException ex) {
				awaitRetry(ex);
			}
		}
	}

	/**
	 * The thread that starts the application was interrupted while it waited for that
	 * run: the context is being closed around it. Other contexts have a guard of their
	 * own.
	 */
	private void stopRunOfOtherThread() {
		this.guard.stop();
	}

	/**
	 * An application that stays up keeps waiting here: whatever comes next would start
	 * work without its schema.
	 */
	private void awaitRetry(RuntimeException failure) {
		if (this.onFailure == OnFailure.EXIT) {
			throw failure;
		}
		logger.error(
				"The migrations failed. The application stays up without being ready, as migration-guard.on-failure"
						+ " says. When the cause is mended, restart it or let its endpoint try again",
				RedactedFailure.of(failure));
		if (!isRetryRequested()) {
			throw failure;
		}
		logger.info("The migrations are tried again, as the endpoint was asked to");
	}

	private boolean isRetryRequested() {
		try {
			return this.guard.awaitRetry();
		}
		catch (InterruptedException ex) {
			// The context is being closed, which the failure tells
			return false;
		}
	}

	/**
	 * Spring Boot tells the exit code of a failed start to all listeners, and gives it up
	 * if one of them cannot be created any more.
	 */
	private void forgetListeners() {
		if (!this.refreshed) {
			this.eventMulticaster
				.ifAvailable((multicaster) -> multicaster.removeApplicationListenerBeans((name) -> true));
		}
	}

}
