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
import java.util.function.Supplier;

import io.github.migrationguard.lock.HistoryTable;

import org.springframework.util.function.SingletonSupplier;

/**
 * What a migrator saw in the database without taking any lock.
 *
 * @param target what it works on
 * @param certainty how much of what is to be done is known
 * @param pending the units that will be done once
 * @param unrecorded how many of the pending units have no record in the history yet
 * @param recurring the units that never stop to be due; nobody waits for these
 * @param applied how many units of this version are recorded as applied
 * @param recorded how many rows that record units the history had
 * @param awaited tells what the history will show of each pending unit once it is
 * recorded, see {@link HistoryTable#unit()}, or nothing if that cannot be told; worked
 * out by the thread that looks, when somebody waits
 * @param unknown the units that the history holds beyond what this version knows, because
 * a newer version has migrated the database, in the order in which they were applied
 * @param preparing whether something besides the units is to be done once, such as to
 * create the history
 * @param untried whether one of the recurring units has no record: it may be applied for
 * the first time, so a holder that is at it is waited for
 * @author Migration Guard
 * @since 0.1.0
 */
public record MigrationLook(MigrationTarget target, Certainty certainty, List<String> pending, int unrecorded,
		List<String> recurring, int applied, int recorded, Supplier<List<String>> awaited, List<String> unknown,
		boolean preparing, boolean untried) {

	/**
	 * Create a look that knows what is to be done.
	 * @param target what the migrator works on
	 * @param pending the units that will be done once
	 * @param unrecorded how many of those have no record yet
	 * @param recurring the units that never stop to be due
	 * @param applied how many units are applied
	 * @param recorded how many rows the history has
	 * @return the look
	 */
	public static MigrationLook of(MigrationTarget target, List<String> pending, int unrecorded, List<String> recurring,
			int applied, int recorded) {
		return new MigrationLook(target, Certainty.KNOWN, List.copyOf(pending), unrecorded, List.copyOf(recurring),
				applied, recorded, List::of, List.of(), false, false);
	}

	/**
	 * Return this look with what the history will show of the pending units.
	 * @param awaited tells one value for each pending unit, see
	 * {@link HistoryTable#unit()}
	 * @return the look
	 */
	public MigrationLook withAwaited(Supplier<List<String>> awaited) {
		return new MigrationLook(this.target, this.certainty, this.pending, this.unrecorded, this.recurring,
				this.applied, this.recorded, SingletonSupplier.of(awaited), this.unknown, this.preparing, this.untried);
	}

	/**
	 * Return what is to be seen when exactly the pending units have been recorded.
	 * @return the look
	 */
	MigrationLook done() {
		return new MigrationLook(this.target, this.certainty, List.of(), 0, this.recurring,
				this.applied + this.pending.size(), this.recorded + this.unrecorded, List::of, this.unknown, false,
				this.untried);
	}

	/**
	 * Return this look with units that this version does not know.
	 * @param unknown the units
	 * @return the look
	 */
	public MigrationLook withUnknown(List<String> unknown) {
		return new MigrationLook(this.target, this.certainty, this.pending, this.unrecorded, this.recurring,
				this.applied, this.recorded, this.awaited, List.copyOf(unknown), this.preparing, this.untried);
	}

	/**
	 * Return this look with something that is to be done once besides the units. It
	 * leaves a trace in the history table, or creates it.
	 * @return the look
	 */
	public MigrationLook withPreparation() {
		return new MigrationLook(this.target, this.certainty, this.pending, this.unrecorded, this.recurring,
				this.applied, this.recorded, this.awaited, this.unknown, true, this.untried);
	}

	/**
	 * Return this look with recurring units that have no record.
	 * @return the look
	 */
	public MigrationLook withUntried() {
		return new MigrationLook(this.target, this.certainty, this.pending, this.unrecorded, this.recurring,
				this.applied, this.recorded, this.awaited, this.unknown, this.preparing, true);
	}

	/**
	 * Create a look that could not see what is pending, for example because somebody
	 * changes the history table at this moment.
	 * @param target what the migrator works on
	 * @return the look
	 */
	public static MigrationLook unclear(MigrationTarget target) {
		return new MigrationLook(target, Certainty.UNCLEAR, List.of(), 0, List.of(), 0, 0, List::of, List.of(), false,
				false);
	}

	/**
	 * Create the look of a migrator that has to run in any case.
	 * @param target what the migrator works on
	 * @return the look
	 */
	public static MigrationLook always(MigrationTarget target) {
		return new MigrationLook(target, Certainty.ALWAYS, List.of(), 0, List.of(), 0, 0, List::of, List.of(), false,
				false);
	}

	/**
	 * Return whether there is nothing to run at all.
	 * @return whether the lock is not needed
	 */
	public boolean isUpToDate() {
		return !hasToWait() && this.recurring.isEmpty();
	}

	/**
	 * Return whether there is something for which a holder of the lock is waited for.
	 * @return whether to wait
	 */
	public boolean hasToWait() {
		return this.certainty != Certainty.KNOWN || !this.pending.isEmpty() || this.preparing;
	}

	/**
	 * How much of what is to be done is known.
	 */
	public enum Certainty {

		/**
		 * All is known.
		 */
		KNOWN,

		/**
		 * Nothing is known at this moment: look again.
		 */
		UNCLEAR,

		/**
		 * The migrator does more than applying what is pending, so it has to run.
		 */
		ALWAYS

	}

}
