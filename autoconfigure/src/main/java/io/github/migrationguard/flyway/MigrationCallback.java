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

import java.sql.SQLException;
import java.util.Set;

import io.github.migrationguard.GuardedRun;
import io.github.migrationguard.UnitCommit;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Tells a {@link GuardedRun} about the migrations that Flyway applies.
 *
 * @author Migration Guard
 */
class MigrationCallback implements Callback {

	/**
	 * What comes next when a migration has been recorded. There is no event for the
	 * record itself.
	 */
	private static final Set<Event> AFTER_RECORD = Set.of(Event.BEFORE_EACH_MIGRATE, Event.AFTER_VERSIONED,
			Event.BEFORE_REPEATABLES, Event.AFTER_MIGRATE_APPLIED, Event.AFTER_MIGRATE);

	private static final Set<Event> FAILURES = Set.of(Event.AFTER_EACH_MIGRATE_STATEMENT_ERROR,
			Event.AFTER_EACH_MIGRATE_ERROR, Event.AFTER_MIGRATE_ERROR);

	private final GuardedRun run;

	private final Thread runner = Thread.currentThread();

	private @Nullable String unit;

	private boolean executed;

	private @Nullable Configuration failedConfiguration;

	MigrationCallback(GuardedRun run) {
		this.run = run;
	}

	/**
	 * Flyway opens a connection for most events that somebody supports, so only two are:
	 * but to be asked tells how far it is.
	 */
	@Override
	public boolean supports(Event event, @Nullable Context context) {
		if (Thread.currentThread() != this.runner) {
			return false;
		}
		if (this.executed && AFTER_RECORD.contains(event)) {
			applied();
		}
		if (FAILURES.contains(event)) {
			failed(event, context);
		}
		return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
	}

	/**
	 * Called before Flyway tells the callbacks of the user. What ends the run here is no
	 * {@link FlywayException}, so nothing is told and nothing is recorded.
	 */
	private void failed(Event event, @Nullable Context context) {
		this.run.checkFailure();
		if (event == Event.AFTER_EACH_MIGRATE_ERROR && this.unit != null) {
			this.run.stepFails();
			this.failedConfiguration = (context != null) ? context.getConfiguration() : null;
		}
	}

	/**
	 * Return the configuration of the Flyway whose migration has failed last: a strategy
	 * may have made others of the one that it got.
	 */
	@Nullable Configuration failedConfiguration() {
		return this.failedConfiguration;
	}

	@Override
	public boolean canHandleInTransaction(Event event, Context context) {
		return true;
	}

	@Override
	public void handle(Event event, Context context) {
		if (event == Event.BEFORE_EACH_MIGRATE) {
			ended();
			this.unit = context.getMigrationInfo().getScript();
			this.run.unitStarts(this.unit, commit(context));
			this.run.stepStarts(true);
		}
		else {
			this.run.stepEnds();
			this.executed = true;
		}
	}

	/**
	 * Flyway executes and records a migration in one transaction, unless it cannot be
	 * executed in one.
	 */
	private static UnitCommit commit(Context context) {
		try {
			return context.getConnection().getAutoCommit() ? UnitCommit.PER_STATEMENT : UnitCommit.BY_TOOL;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The connection of the migration is lost", ex);
		}
	}

	/**
	 * Called when Flyway has ended without a failure, or when the strategy of the user
	 * has ignored the failure.
	 */
	void ended() {
		if (this.executed) {
			applied();
		}
		else if (this.unit != null) {
			this.run.unitFailed(this.unit, null);
			this.unit = null;
		}
	}

	private void applied() {
		String unit = this.unit;
		this.executed = false;
		this.unit = null;
		if (unit != null) {
			this.run.unitApplied(unit);
		}
	}

	/**
	 * The first of all callbacks: they are called in the order of their names.
	 */
	@Override
	public String getCallbackName() {
		return "";
	}

}
