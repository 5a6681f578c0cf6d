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

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

import javax.sql.DataSource;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.lock.MigrationSession.Backend;
import io.micrometer.observation.Observation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The {@link GuardedRun} of a {@link MigrationRun}: keeps the status, the observations
 * and the atomicity of the units.
 *
 * @author Migration Guard
 */
final class RunningMigration implements GuardedRun {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private final Migrator migrator;

	private final MigrationSession session;

	private final MigrationTarget target;

	private final LockKey key;

	private final Set<String> pending;

	private final String instance;

	private final StatusBoard board;

	private final StopSignal stop;

	private final RunObservations observations;

	private final Observation runObservation;

	private final long start = System.nanoTime();

	private int applied;

	private @Nullable Observation unitObservation;

	private long unitStart;

	private @Nullable String lastUnit;

	private @Nullable String failedUnit;

	RunningMigration(Migrator migrator, MigrationSession session, MigrationLook look, LockKey key, String instance,
			StatusBoard board, StopSignal stop, RunObservations observations) {
		this.migrator = migrator;
		this.session = session;
		this.target = look.target();
		this.key = key;
		this.pending = (look.certainty() == MigrationLook.Certainty.KNOWN) ? Set.copyOf(look.pending()) : Set.of();
		this.instance = instance;
		this.board = board;
		this.stop = stop;
		this.observations = observations;
		this.runObservation = observations.run();
	}

	@Override
	public DataSource getDataSource() {
		return new SessionDataSource(this.migrator.getDataSource(), this.session);
	}

	@Override
	public String getInstance() {
		return this.instance;
	}

	@Override
	public MigrationTarget getTarget() {
		return this.target;
	}

	@Override
	public LockKey getLockKey() {
		return this.key;
	}

	@Override
	public Backend getBackend() {
		try {
			return this.session.backend();
		}
		catch (SQLException ex) {
			throw new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), null, ex);
		}
	}

	@Override
	public void unitStarts(String unit, boolean atomic) {
		checkLock();
		this.stop.unitStarts(this.migrator.getName());
		this.session.abandonUnit();
		stopObservation("skipped", null);
		this.lastUnit = unit;
		this.unitStart = System.nanoTime();
		this.unitObservation = this.observations.unit(unit, this.runObservation);
		this.board.update((status) -> status.withProgress((progress) -> progress.started(unit)));
		if (atomic) {
			this.session.beginUnit();
		}
	}

	private void checkLock() {
		try {
			if (!this.session.holdsLock()) {
				throw new LockLostException(this.migrator.getName(), this.lastUnit);
			}
		}
		catch (SQLException ex) {
			throw new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), null, ex);
		}
	}

	@Override
	public void unitApplied(String unit) {
		try {
			this.session.commitUnit();
		}
		catch (SQLException ex) {
			throw new MigrationFailedException(this.migrator.getName(), this.migrator.getTool(), unit, ex);
		}
		this.stop.unitEnds();
		this.applied++;
		boolean wasPending = this.pending.contains(unit);
		stopObservation("success", null);
		this.board.update((status) -> status.withProgress((progress) -> progress.ended(wasPending)));
		logger.info("Migration '%s' applied '%s' in %s".formatted(this.migrator.getName(), unit,
				MigrationRun.format(Duration.ofNanos(System.nanoTime() - this.unitStart))));
	}

	@Override
	public void unitFailed(String unit, @Nullable Throwable failure) {
		this.session.abandonUnit();
		this.stop.unitEnds();
		stopObservation("failure", failure);
		this.failedUnit = (failure != null) ? unit : null;
		if (failure == null) {
			this.board.update((status) -> status.withProgress((progress) -> progress.ended(false)));
			logger
				.warn("Migration '%s' failed in '%s', which the unit allows".formatted(this.migrator.getName(), unit));
		}
	}

	private void stopObservation(String outcome, @Nullable Throwable failure) {
		Observation observation = this.unitObservation;
		if (observation != null) {
			this.unitObservation = null;
			RunObservations.stop((failure != null) ? observation.error(failure) : observation, outcome);
		}
	}

	@Override
	public void unitsEnd() {
		this.session.abandonUnit();
		this.stop.unitEnds();
	}

	@Nullable String failedUnit() {
		return this.failedUnit;
	}

	void failed(Throwable failure) {
		this.session.abandonUnit();
		stopObservation("failure", failure);
		RunObservations.fail(this.runObservation, failure);
	}

	void completed() {
		this.session.abandonUnit();
		RunObservations.stop(this.runObservation, "success");
		this.board
			.update((status) -> status.withProgress((progress) -> progress.done()).withState(MigrationState.COMPLETED));
		logger.info("Migration '%s' is complete: %d units applied in %s".formatted(this.migrator.getName(),
				this.applied, MigrationRun.format(Duration.ofNanos(System.nanoTime() - this.start))));
	}

}
