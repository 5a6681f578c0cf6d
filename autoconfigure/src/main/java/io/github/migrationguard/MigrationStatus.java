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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of what a guarded migration does, published by the thread that
 * runs it.
 *
 * @param name the name of the migrator's bean
 * @param tool the tool, for example {@code liquibase}
 * @param state the state
 * @param since since when it is in this state
 * @param database the database, or {@code null} until connected
 * @param lock the lock, or {@code null} until known
 * @param progress the progress, or {@code null} until known
 * @param toolLock the tool's own lock that is waited for, or {@code null}
 * @param error why it failed, or {@code null}
 * @param ddl what the statements of the migration meet
 * @author Migration Guard
 * @since 0.1.0
 */
public record MigrationStatus(String name, String tool, MigrationState state, Instant since,
		@Nullable Database database, @Nullable Lock lock, @Nullable Progress progress, @Nullable ToolLock toolLock,
		@Nullable Failure error, Ddl ddl) {

	static MigrationStatus pending(Migrator migrator) {
		return new MigrationStatus(migrator.getName(), migrator.getTool(), MigrationState.PENDING, Instant.now(), null,
				null, null, null, null, Ddl.NONE);
	}

	MigrationStatus withState(MigrationState state) {
		Instant since = (state != this.state) ? Instant.now() : this.since;
		ToolLock toolLock = (state == MigrationState.WAITING_FOR_CHANGELOG_LOCK) ? this.toolLock : null;
		return new MigrationStatus(this.name, this.tool, state, since, this.database, this.lock, this.progress,
				toolLock, this.error, this.ddl);
	}

	MigrationStatus withDatabase(Database database) {
		return new MigrationStatus(this.name, this.tool, this.state, this.since, database, this.lock, this.progress,
				this.toolLock, this.error, this.ddl);
	}

	MigrationStatus withLock(UnaryOperator<Lock> change) {
		return (this.lock != null) ? withLock(change.apply(this.lock)) : this;
	}

	MigrationStatus withLock(Lock lock) {
		return new MigrationStatus(this.name, this.tool, this.state, this.since, this.database, lock, this.progress,
				this.toolLock, this.error, this.ddl);
	}

	MigrationStatus withProgress(Progress progress) {
		return new MigrationStatus(this.name, this.tool, this.state, this.since, this.database, this.lock, progress,
				this.toolLock, this.error, this.ddl);
	}

	MigrationStatus withProgress(UnaryOperator<Progress> change) {
		return withProgress(change.apply((this.progress != null) ? this.progress : Progress.UNKNOWN));
	}

	MigrationStatus withToolLock(ToolLock toolLock) {
		return new MigrationStatus(this.name, this.tool, this.state, this.since, this.database, this.lock,
				this.progress, toolLock, this.error, this.ddl);
	}

	MigrationStatus withError(@Nullable Failure error) {
		return new MigrationStatus(this.name, this.tool, this.state, this.since, this.database, this.lock,
				this.progress, this.toolLock, error, this.ddl);
	}

	MigrationStatus withDdl(UnaryOperator<Ddl> change) {
		return new MigrationStatus(this.name, this.tool, this.state, this.since, this.database, this.lock,
				this.progress, this.toolLock, this.error, change.apply(this.ddl));
	}

	/**
	 * The database that is migrated.
	 *
	 * @param product the product and its version
	 * @param url the JDBC URL without user, password and parameters, or {@code null} if
	 * unknown
	 * @param history the history table, or {@code null} until known
	 */
	public record Database(String product, @Nullable String url, @Nullable String history) {

	}

	/**
	 * The lock as this instance sees it.
	 *
	 * @param key the key
	 * @param waitingSince since when this instance waits, or {@code null} if it does not
	 * @param waitedFor how long this instance waited in the end, or {@code null} while it
	 * waits or if it never did
	 * @param timeoutAt when the wait ends without a further sign of life of the holder,
	 * or {@code null} if this instance does not wait
	 * @param acquiredAt when this instance got the lock by the server's clock, or
	 * {@code null} if it has not
	 * @param sample who holds the lock and who waits as this instance saw it last while
	 * it waited, or {@code null} if it does not wait
	 */
	public record Lock(LockKey key, @Nullable Instant waitingSince, @Nullable Duration waitedFor,
			@Nullable Instant timeoutAt, @Nullable Instant acquiredAt, @Nullable ClusterSample sample) {

		static Lock unlocked(LockKey key) {
			return new Lock(key, null, null, null, null, null);
		}

		Lock waiting(Instant waitingSince, Instant timeoutAt, @Nullable LockParticipants participants) {
			ClusterSample sample = (participants != null) ? ClusterSample.of(participants, Instant.now()) : null;
			return new Lock(this.key, waitingSince, null, timeoutAt, null, sample);
		}

		Lock acquired(Instant acquiredAt) {
			return new Lock(this.key, null, waited(), null, acquiredAt, null);
		}

		Lock waitingForTool(Instant waitingSince, Instant timeoutAt) {
			return new Lock(this.key, waitingSince, null, timeoutAt, this.acquiredAt, null);
		}

		Lock held() {
			return new Lock(this.key, null, waited(), null, this.acquiredAt, null);
		}

		Lock left() {
			return new Lock(this.key, null, waited(), null, null, null);
		}

		private @Nullable Duration waited() {
			return (this.waitingSince != null) ? Duration.between(this.waitingSince, Instant.now()) : this.waitedFor;
		}

	}

	/**
	 * How far the migration is.
	 *
	 * @param applied how many units of this version are applied
	 * @param pending how many units are to be applied once
	 * @param recurring how many units are due at every start
	 * @param current the unit that this instance applies at this moment, or {@code null}
	 * @param currentStartedAt when it was started, or {@code null}
	 * @param pendingUnits the first of the pending units, empty once this instance
	 * migrates
	 * @param unknownUnits the first of the units that the history holds beyond what this
	 * version knows
	 */
	public record Progress(int applied, int pending, int recurring, @Nullable String current,
			@Nullable Instant currentStartedAt, List<String> pendingUnits, List<String> unknownUnits) {

		private static final int MAX_UNITS = 20;

		private static final Progress UNKNOWN = new Progress(0, 0, 0, null, null, List.of(), List.of());

		static Progress of(MigrationLook look) {
			return new Progress(look.applied(), look.pending().size(), look.recurring().size(), null, null,
					firstOf(look.pending()), firstOf(look.unknown()));
		}

		private static List<String> firstOf(List<String> units) {
			return List.copyOf(units.subList(0, Math.min(units.size(), MAX_UNITS)));
		}

		Progress started(String unit) {
			return new Progress(this.applied, this.pending, this.recurring, unit, Instant.now(), List.of(),
					this.unknownUnits);
		}

		Progress ended(boolean newlyApplied) {
			int more = newlyApplied ? 1 : 0;
			return new Progress(this.applied + more, Math.max(0, this.pending - more), this.recurring, null, null,
					List.of(), this.unknownUnits);
		}

		Progress done() {
			return new Progress(this.applied + this.pending, 0, this.recurring, null, null, List.of(),
					this.unknownUnits);
		}

		Progress remaining(List<String> units) {
			return new Progress(this.applied + this.pending - units.size(), units.size(), this.recurring, null, null,
					firstOf(units), this.unknownUnits);
		}

	}

	/**
	 * Why a migration failed.
	 *
	 * @param message the message
	 * @param sqlState the SQLSTATE, or {@code null} if the failure did not come from the
	 * database
	 * @param unit the unit that failed, or {@code null} if none had been started
	 */
	public record Failure(String message, @Nullable String sqlState, @Nullable String unit) {

		static Failure of(MigrationException failure) {
			String unit = (failure instanceof MigrationFailedException failed) ? failed.getUnit() : null;
			return new Failure(String.valueOf(failure.getMessage()), SqlFailures.findSqlState(failure), unit);
		}

	}

	/**
	 * What the statements of the migration meet.
	 *
	 * @param sample what the session of this instance meets at this moment, or
	 * {@code null} if it executes no statement and is not blocked
	 * @param attempts the latest attempts to apply units that were blocked at least once,
	 * in the order in which they were started
	 * @param retries how often a unit was to be tried again, by the reason
	 * @param invalidIndexes the invalid indexes that were found in the database
	 */
	public record Ddl(@Nullable SessionSample sample, List<Attempt> attempts, Map<Attempt.Outcome, Integer> retries,
			List<InvalidIndex> invalidIndexes) {

		/**
		 * Nothing yet.
		 */
		public static final Ddl NONE = new Ddl(null, List.of(), Map.of(), List.of());

		private static final int MAX_ATTEMPTS = 50;

		Ddl withSample(SessionSample sample) {
			return new Ddl(sample, this.attempts, this.retries, this.invalidIndexes);
		}

		Ddl withInvalidIndexes(List<InvalidIndex> invalidIndexes) {
			return new Ddl(this.sample, this.attempts, this.retries, invalidIndexes);
		}

		/**
		 * Add an attempt, or what has become of the latest one.
		 */
		Ddl withAttempt(Attempt attempt) {
			List<Attempt> attempts = new ArrayList<>(this.attempts);
			attempts.removeIf(attempt::isSame);
			attempts.add(attempt);
			return new Ddl(this.sample,
					List.copyOf(attempts.subList(Math.max(0, attempts.size() - MAX_ATTEMPTS), attempts.size())),
					this.retries, this.invalidIndexes);
		}

		Ddl withRetry(Attempt.Outcome reason) {
			Map<Attempt.Outcome, Integer> retries = new EnumMap<>(Attempt.Outcome.class);
			retries.putAll(this.retries);
			retries.merge(reason, 1, Integer::sum);
			return new Ddl(this.sample, this.attempts, Collections.unmodifiableMap(retries), this.invalidIndexes);
		}

	}

}
