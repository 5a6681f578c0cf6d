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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Runs the migrations of an application one after the other, each under its lock, and
 * knows their status. A migration that is done is never run again.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public class MigrationGuard {

	private static final Log logger = LogFactory.getLog(MigrationGuard.class);

	private final GuardSettings settings;

	private final ObservationRegistry observationRegistry;

	private final Iterable<MigrationListener> listeners;

	private final List<GuardedMigration> migrations = new CopyOnWriteArrayList<>();

	private final StopSignal stop = new StopSignal();

	private final RememberedFailure failure = new RememberedFailure();

	private final ReentrantLock oneAtATime = new ReentrantLock();

	/**
	 * Create a guard.
	 * @param settings its settings
	 * @param observationRegistry where the waits, runs and units are observed
	 */
	public MigrationGuard(GuardSettings settings, ObservationRegistry observationRegistry) {
		this(settings, observationRegistry, List.of());
	}

	/**
	 * Create a guard.
	 * @param settings its settings
	 * @param observationRegistry where the waits, runs and units are observed
	 * @param listeners who hears of each migration, iterated when there is one
	 */
	public MigrationGuard(GuardSettings settings, ObservationRegistry observationRegistry,
			Iterable<MigrationListener> listeners) {
		Assert.notNull(settings, "'settings' must not be null");
		Assert.notNull(observationRegistry, "'observationRegistry' must not be null");
		Assert.notNull(listeners, "'listeners' must not be null");
		this.settings = settings;
		this.observationRegistry = observationRegistry;
		this.listeners = listeners;
	}

	/**
	 * Add a migrator. It is run by the next call of {@link #migrate()}, or by the one
	 * that is going on.
	 * @param migrator the migrator
	 */
	public void register(Migrator migrator) {
		Assert.notNull(migrator, "'migrator' must not be null");
		add(new GuardedMigration(migrator));
	}

	private void add(GuardedMigration migration) {
		this.migrations.add(migration);
		this.listeners.forEach((listener) -> tell(listener, migration));
	}

	/**
	 * Who only listens does not fail the migration.
	 */
	private static void tell(MigrationListener listener, GuardedMigration migration) {
		try {
			listener.migrationRegistered(migration);
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("%s fails. The migrations go on".formatted(listener.getClass().getName()), ex);
		}
	}

	/**
	 * Show that a tool runs in this application without being guarded. Does nothing if
	 * that is shown already, or while a guarded migration of the same bean runs: what it
	 * does on other threads is done under its lock.
	 * @param name the name of the bean that runs the tool
	 * @param tool the tool, for example {@code liquibase}
	 * @param reason why it is not guarded
	 */
	public synchronized void reportUnguarded(String name, String tool, String reason) {
		MigrationState known = stateOf(name);
		if (known == MigrationState.UNGUARDED || known == MigrationState.MIGRATING) {
			return;
		}
		if (known != null) {
			reportUnguarded(name + "-unguarded", tool, reason);
			return;
		}
		GuardedMigration migration = new GuardedMigration(new UnguardedMigrator(name, tool));
		migration.board.update((status) -> status.withError(new MigrationStatus.Failure(reason, null, null))
			.withState(MigrationState.UNGUARDED));
		add(migration);
	}

	private @Nullable MigrationState stateOf(String name) {
		return getStatus().stream()
			.filter((status) -> status.name().equals(name))
			.map(MigrationStatus::state)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return whether the calling thread is the one that runs the migrations.
	 * @return whether a migrator registered now is run later by the same thread
	 */
	public boolean isRunner() {
		return this.stop.isRunner();
	}

	/**
	 * Return whether the thread that runs the migrations executes a migration tool, and
	 * with it code of the user, and waits there: for another thread, perhaps. Its waits
	 * for the lock, for a blocker or for its database do not count.
	 * @return whether it waits
	 */
	public boolean isRunnerWaiting() {
		return this.stop.isRunnerWaiting();
	}

	/**
	 * Return what this instance does about its migrations.
	 * @return the role
	 */
	public MigrationRole getRole() {
		return this.settings.role();
	}

	/**
	 * Return the name of this instance.
	 * @return the instance
	 */
	public String getInstance() {
		return this.settings.instance();
	}

	/**
	 * Return the status of every migration, in the order in which they run.
	 * @return the status
	 */
	public List<MigrationStatus> getStatus() {
		return this.migrations.stream().map(GuardedMigration::getStatus).toList();
	}

	/**
	 * Return the migrators and their status.
	 * @return the guarded migrations
	 */
	public List<GuardedMigration> getMigrations() {
		return List.copyOf(this.migrations);
	}

	/**
	 * Return whether all migrations are done.
	 * @return whether the schema is there
	 */
	public boolean isDone() {
		return this.migrations.stream().allMatch(GuardedMigration::isDone);
	}

	/**
	 * Run every migration that is not done, on the calling thread: what is executed sees
	 * its thread locals, as without this library. If another thread is running them, wait
	 * for it; the outcome is the same. A migration that calls this itself returns at
	 * once.
	 * <p>
	 * Returns when all are done. A failure is remembered and thrown again by each later
	 * call until {@link #retry()}, so that nothing is run twice.
	 * @throws MigrationException if one failed or if the application was stopped
	 */
	public void migrate() {
		if (isRunner()) {
			return;
		}
		awaitOtherRun();
		try {
			this.failure.rethrow();
			this.stop.runStarts();
			try {
				migrateDue();
			}
			finally {
				this.stop.runEnds();
			}
		}
		catch (RuntimeException ex) {
			this.failure.remember(ex);
			throw ex;
		}
		finally {
			this.oneAtATime.unlock();
		}
	}

	/**
	 * Without a time limit, so that the thread that starts the application is interrupted
	 * when its context is closed.
	 */
	private void awaitOtherRun() {
		try {
			this.oneAtATime.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw stopped("while it waited for its migrations");
		}
	}

	private void migrateDue() {
		for (List<GuardedMigration> due = due(); !due.isEmpty(); due = due()) {
			due.forEach(this::run);
		}
		if (this.stop.isRequested()) {
			throw stopped("when its migrations had just been completed");
		}
	}

	private List<Migrator> migrators() {
		return this.migrations.stream().map(GuardedMigration::getMigrator).toList();
	}

	private List<GuardedMigration> due() {
		return this.migrations.stream().filter((migration) -> !migration.isDone()).toList();
	}

	private void run(GuardedMigration migration) {
		RunObservations observations = new RunObservations(this.observationRegistry, migration.migrator);
		new MigrationRun(new RunContext(migration.migrator, this.settings, migration.board, this.stop, observations,
				this::migrators))
			.execute();
	}

	private MigrationStoppedException stopped(String when) {
		String name = this.migrations.isEmpty() ? "" : this.migrations.get(0).getStatus().name();
		return new MigrationStoppedException(name, "The application was stopped " + when);
	}

	/**
	 * Make a running {@link #migrate()} end: at once while it waits, else when the
	 * migration is complete or the grace period is over, whereupon the statement is
	 * cancelled in the server, its connection is cut and its thread interrupted. Returns
	 * when the run has ended, always within a bounded time. May be called from any
	 * thread.
	 * @return {@code false} if the run has not ended even then, because of code that does
	 * not return
	 */
	public boolean stop() {
		this.failure.stop();
		return this.stop.stop(this.settings.shutdownGrace());
	}

	/**
	 * Wait until {@link #retry()} or {@link #stop()} is called, for an application that
	 * stays up after a failed migration.
	 * @return whether the migrations are to be tried again
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	public boolean awaitRetry() throws InterruptedException {
		return this.failure.awaitRetry();
	}

	/**
	 * Let the application that waits after a failed migration try again all migrations
	 * that are not done. May be called from any thread.
	 * @return {@code false} if it does not wait for that
	 */
	public boolean retry() {
		return this.failure.retry(() -> this.migrations.forEach(GuardedMigration::retry));
	}

	/**
	 * A migrator and its status.
	 */
	public static final class GuardedMigration {

		private final Migrator migrator;

		private final StatusBoard board;

		private GuardedMigration(Migrator migrator) {
			this.migrator = migrator;
			this.board = new StatusBoard(MigrationStatus.pending(migrator));
		}

		/**
		 * Return the migrator.
		 * @return the migrator
		 */
		public Migrator getMigrator() {
			return this.migrator;
		}

		/**
		 * Return the latest status.
		 * @return the status
		 */
		public MigrationStatus getStatus() {
			return this.board.get();
		}

		private boolean isDone() {
			return getStatus().state().isDone();
		}

		private void retry() {
			if (getStatus().state() == MigrationState.FAILED) {
				this.board.update((status) -> status.withError(null).withState(MigrationState.PENDING));
			}
		}

	}

}
