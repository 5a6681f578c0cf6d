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

package io.github.migrationguard.ddl;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to apply one unit: what was executed, what of it is committed, what it met
 * and whether it may be repeated. Every attempt has an object of its own.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class Unit {

	private final String id;

	private final boolean transactional;

	private final long start = System.nanoTime();

	private long executedSince = this.start;

	private Phase phase = Phase.PRECONDITION;

	private int executed;

	/**
	 * Something of what was executed is committed, or may be.
	 */
	private boolean committed;

	/**
	 * Something of what was executed is not committed yet.
	 */
	private boolean open;

	private boolean rowsOnly = true;

	private boolean localSettings;

	private boolean onlyDefinitions = true;

	private boolean concurrent;

	private boolean ownLockTimeout;

	private boolean undone;

	private @Nullable BlockedStatement blocked;

	private @Nullable SQLException cancelled;

	private @Nullable FailedStatement failedStatement;

	/**
	 * Create an attempt.
	 * @param id the id of the unit
	 * @param transactional whether all that the unit does is rolled back if it fails
	 */
	public Unit(String id, boolean transactional) {
		this.id = id;
		this.transactional = transactional;
	}

	/**
	 * Return what stands for the unit while none is applied.
	 * @return a unit that has ended
	 */
	public static Unit none() {
		Unit none = new Unit("", false);
		none.phase = Phase.ENDED;
		return none;
	}

	/**
	 * Return the id of the unit.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return when the attempt was started.
	 * @return the time, as of {@link System#nanoTime()}
	 */
	public long start() {
		return this.start;
	}

	/**
	 * Return since when the unit is executed, or a statement of it that was blocked is
	 * executed again. What was seen before does not tell who is in the way now.
	 * @return the time, as of {@link System#nanoTime()}
	 */
	public long executedSince() {
		return this.executedSince;
	}

	/**
	 * From now on the statements are those of the migration.
	 */
	public void ownStatements() {
		this.phase = Phase.OWN;
	}

	/**
	 * From now on the statements are those with which the tool records the unit.
	 */
	public void recordStatements() {
		this.phase = Phase.RECORD;
	}

	/**
	 * From now on the statements are the tool's.
	 */
	void end() {
		this.phase = Phase.ENDED;
	}

	boolean isInPrecondition() {
		return this.phase == Phase.PRECONDITION;
	}

	boolean isExecuting() {
		return this.phase == Phase.OWN;
	}

	boolean isRecording() {
		return this.phase == Phase.RECORD;
	}

	/**
	 * Decide how long a statement of the unit may wait for a lock. Only what is proven to
	 * be undone is cut and repeated, and what is unknown counts as committed:
	 * <ul>
	 * <li>In a transaction everything is undone when it is cut, and the unit is repeated.
	 * If the unit has committed something before, it cannot be: then it is cut only if
	 * others suffer.
	 * <li>Outside a transaction a statement is undone by itself, and is repeated by
	 * itself, unless it can commit a part of itself: then it is not cut. What blocks
	 * nobody is not cut either.
	 * </ul>
	 */
	WaitLimit limit(DdlStatement statement, boolean inTransaction, boolean patientWithRows) {
		if (statement.isConcurrent()
				|| (!inTransaction && (!statement.isUndoneIfItFails() || statement.blocksNobody()))) {
			return WaitLimit.NONE;
		}
		if (inTransaction && patientWithRows && statement.isData() && this.rowsOnly) {
			return WaitLimit.NONE;
		}
		if (this.ownLockTimeout || (inTransaction && (this.committed || (patientWithRows && statement.isData())))) {
			return WaitLimit.QUEUE;
		}
		return (statement.allowsLockTimeout() && !statement.waitsForNobody()) ? WaitLimit.LOCK_TIMEOUT
				: WaitLimit.CANCEL;
	}

	/**
	 * Decide how long what the tool does in the transaction of the unit may wait for a
	 * lock, be it the record or a callback: it is undone and repeated with the unit.
	 */
	WaitLimit limitOfTool() {
		if (!isRecording() || !this.open) {
			return WaitLimit.NONE;
		}
		return this.committed ? WaitLimit.QUEUE : WaitLimit.CANCEL;
	}

	/**
	 * Return whether a statement that was blocked is undone by itself, so that it can be
	 * repeated without the unit.
	 */
	boolean isRepeatableAlone(DdlStatement statement, boolean inTransaction) {
		return this.blocked != null && !this.blocked.intended() && !inTransaction && statement.isUndoneIfItFails();
	}

	/**
	 * Return whether the unit can be repeated as a whole without doing anything twice:
	 * all that it did is rolled back.
	 */
	private boolean isRepeatable() {
		return !this.committed || this.phase == Phase.ENDED;
	}

	/**
	 * Return whether the unit is committed before it is recorded, so that the record has
	 * to follow whatever happens.
	 * @return whether the record is a transaction of its own
	 */
	public boolean isRecordedApart() {
		return (!this.transactional || this.committed) && !this.open;
	}

	/**
	 * Return whether the unit has changed settings for the rest of its transaction, which
	 * has to end before the unit is recorded.
	 * @return whether the commit of the unit cannot be withheld
	 */
	public boolean hasLocalSettings() {
		return this.localSettings;
	}

	/**
	 * Return whether nothing of the unit was executed yet that changes something.
	 * @return whether the next statement is the first one
	 */
	public boolean isFirstStatement() {
		return this.executed == 0;
	}

	/**
	 * Note what is about to be executed, in a precondition as well.
	 */
	void executes(DdlStatement statement) {
		this.onlyDefinitions &= statement.isDefinition();
		if (isExecuting()) {
			this.concurrent |= statement.isConcurrent();
			this.ownLockTimeout |= statement.setsLockTimeout();
			this.localSettings |= statement.setsLocally();
			this.rowsOnly &= statement.isData() || statement.changesNothing();
		}
	}

	/**
	 * Note what was executed.
	 * @param idle whether the session is in no transaction after it
	 */
	void executed(DdlStatement statement, boolean idle) {
		if (!statement.changesNothing()) {
			this.executed++;
			this.open = true;
		}
		this.committed |= statement.reachesOutside() || (this.open && statement.commits());
		if (idle) {
			this.committed |= this.open && !statement.rollsBack();
			this.open = false;
		}
	}

	/**
	 * Note that code is executed that this library does not see.
	 */
	void executesUnseen() {
		this.onlyDefinitions = false;
	}

	void executedUnseen(boolean inTransaction) {
		this.executed++;
		this.open |= inTransaction;
		this.committed |= !inTransaction;
	}

	/**
	 * Note that the transaction was committed.
	 */
	void transactionCommitted() {
		this.committed |= this.open;
		this.open = false;
	}

	/**
	 * Note that the transaction was rolled back as a whole.
	 */
	void transactionRolledBack() {
		this.open = false;
	}

	/**
	 * Note that a statement of the unit has failed.
	 */
	void failed(StatementFailure failure, DdlStatement statement, boolean inTransaction) {
		BlockedStatement.Reason reason = failure.block();
		this.committed |= mayBeCommitted(statement, inTransaction);
		this.undone = !this.transactional && !this.committed
				&& (reason != null || statement.isConcurrentIndex() || statement.changesNothing());
		if (reason != null) {
			this.blocked = new BlockedStatement(reason, failure.failure(), isRepeatable(),
					this.ownLockTimeout && reason == BlockedStatement.Reason.LOCK_TIMEOUT);
		}
		else if (failure.cancelled()) {
			this.cancelled = failure.failure();
		}
		else if (this.blocked != null && this.blocked.intended()) {
			// The unit has dealt with that one, and fails for another reason
			this.blocked = null;
		}
	}

	private static boolean mayBeCommitted(DdlStatement statement, boolean inTransaction) {
		return inTransaction ? statement.commits() && statement.statements().size() > 1
				: !statement.isUndoneIfItFails() && !statement.isConcurrent();
	}

	/**
	 * Note that the statement that was blocked is executed again.
	 */
	void repeats() {
		this.executedSince = System.nanoTime();
		this.blocked = null;
		this.undone = false;
	}

	/**
	 * Note that the unit has failed before a statement of it was executed.
	 */
	void failedBefore(StatementFailure failure, DdlStatement statement) {
		failed(failure, statement, true);
		this.undone = !this.transactional && !this.committed;
	}

	/**
	 * Note with which statement the unit failed first, if something that it did is not
	 * rolled back.
	 */
	void failedIn(String sql, DdlStatement statement, boolean inTransaction) {
		if (this.failedStatement == null && (!this.transactional || this.committed)) {
			this.failedStatement = new FailedStatement(sql, this.executed, mayBeCommitted(statement, inTransaction));
		}
	}

	/**
	 * Note that a statement of the tool has failed.
	 */
	void toolFailed(StatementFailure failure) {
		if (failure.cancelled()) {
			this.cancelled = failure.failure();
		}
		else if (failure.block() != null) {
			this.blocked = new BlockedStatement(failure.block(), failure.failure(), isRepeatable(), false);
		}
	}

	/**
	 * Note that the unit could not be recorded, which is committed.
	 */
	void recordFailed(SQLException failure, String sql) {
		if (StatementGuard.isCancel(failure)) {
			this.cancelled = failure;
		}
		if (this.executed > 0 && this.failedStatement == null) {
			this.failedStatement = new FailedStatement(sql, this.executed, false);
		}
	}

	/**
	 * Fail if the unit will fail, or be tried again, for what the tool or code of the
	 * user has ignored. What it would do until then might have to be undone by hand.
	 */
	void refuseAfterFailure() throws SQLException {
		if (this.cancelled != null) {
			throw this.cancelled;
		}
		if (this.blocked != null && !this.blocked.intended()) {
			throw this.blocked.failure();
		}
	}

	/**
	 * Called when the unit is applied, or may fail: whatever failed does not matter.
	 */
	public void forgetFailure() {
		this.failedStatement = null;
	}

	/**
	 * Return whether it has done nothing but create, alter and drop.
	 */
	boolean hasOnlyDefinitions() {
		return this.onlyDefinitions;
	}

	/**
	 * Return whether the unit has set a lock timeout of its own, which is respected until
	 * it ends.
	 */
	boolean hasOwnLockTimeout() {
		return this.ownLockTimeout;
	}

	/**
	 * Return whether it has executed a statement with {@code CONCURRENTLY}.
	 * @return whether it may have left an invalid index behind
	 */
	public boolean isConcurrent() {
		return this.concurrent;
	}

	/**
	 * Return why a statement of the unit did not get a lock.
	 * @return the latest failure, or {@code null} if there was none
	 */
	public @Nullable BlockedStatement blocked() {
		return this.blocked;
	}

	/**
	 * Return with what a statement was cancelled that was not cancelled by this library:
	 * somebody wants the migration to end.
	 * @return the failure, or {@code null} if there was none
	 */
	public @Nullable SQLException cancelled() {
		return this.cancelled;
	}

	/**
	 * Return whether the unit, which is not transactional, has failed without having
	 * changed anything, apart from an invalid index.
	 * @return whether it can be applied as if it had never been started
	 */
	public boolean isUndone() {
		return this.undone;
	}

	/**
	 * Return with which statement the unit failed first, if something that it did is not
	 * rolled back.
	 * @return the statement, or {@code null} if there is none
	 */
	public @Nullable FailedStatement failedStatement() {
		return this.failedStatement;
	}

	/**
	 * Whose statements are executed.
	 */
	private enum Phase {

		/**
		 * The tool's, and what the unit asks before it is executed.
		 */
		PRECONDITION,

		/**
		 * The migration's.
		 */
		OWN,

		/**
		 * The tool's, which record the unit.
		 */
		RECORD,

		/**
		 * The tool's, after the unit.
		 */
		ENDED

	}

}
