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

	private static final String DEADLOCK_DETECTED = "40P01";

	private final String id;

	private final boolean transactional;

	private final long start = System.nanoTime();

	private Phase phase = Phase.PRECONDITION;

	private int executed;

	/**
	 * Something of what was executed is not rolled back if the unit fails.
	 */
	private boolean committed;

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
	 * Return whether it is committed already when it is recorded, so that the record has
	 * to follow whatever happens.
	 */
	boolean isRecordedApart() {
		return !this.transactional;
	}

	/**
	 * Return whether the unit can be repeated as a whole without doing anything twice.
	 */
	private boolean isRepeatable() {
		return isNothingDone() || (this.transactional && !this.committed);
	}

	private boolean isNothingDone() {
		return this.executed == 0 && !this.committed;
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
		}
	}

	/**
	 * Note what was executed.
	 */
	void executed(DdlStatement statement) {
		if (!statement.changesNothing()) {
			this.executed++;
		}
	}

	/**
	 * Note that code is executed that this library does not see.
	 */
	void executesUnseen() {
		this.onlyDefinitions = false;
	}

	void executedUnseen() {
		this.executed++;
	}

	/**
	 * Note that what was executed is committed, or may be.
	 */
	void committed() {
		this.committed = true;
	}

	/**
	 * Note that a transaction was committed while the unit is applied. Code of the user
	 * may do so in the middle of a unit that is transactional.
	 */
	void transactionCommitted() {
		if (this.phase == Phase.OWN && this.executed > 0) {
			this.committed = true;
		}
	}

	/**
	 * Note that a statement of the unit has failed.
	 */
	void failed(SQLException failure, boolean cancelledByUs, DdlStatement statement) {
		BlockedStatement.Reason reason = BlockedStatement.Reason.of(failure, cancelledByUs);
		this.committed |= statement.commits() && statement.statements().size() > 1;
		this.undone = !this.transactional && isNothingDone()
				&& (reason != null || statement.isConcurrentIndex() || statement.changesNothing());
		if (reason != null) {
			this.blocked = new BlockedStatement(reason, failure, isRepeatable(),
					this.ownLockTimeout && reason == BlockedStatement.Reason.LOCK_TIMEOUT);
		}
		else if (StatementGuard.isCancel(failure)) {
			this.cancelled = failure;
		}
	}

	/**
	 * Note that the unit has failed before a statement of it was executed.
	 */
	void failedBefore(SQLException failure, DdlStatement statement) {
		failed(failure, false, statement);
		this.undone = !this.transactional && isNothingDone();
		this.cancelled = StatementGuard.isCancel(failure) ? failure : this.cancelled;
	}

	/**
	 * Note with which statement the unit failed first, if something that it did is not
	 * rolled back.
	 */
	void failedIn(String sql) {
		if (this.failedStatement == null && (!this.transactional || this.committed)) {
			this.failedStatement = new FailedStatement(sql, this.executed);
		}
	}

	/**
	 * Note that a statement of the tool has failed.
	 */
	void toolFailed(SQLException failure) {
		if (StatementGuard.isCancel(failure)) {
			this.cancelled = failure;
		}
		else if (isDeadlock(failure) && !isRecordHit(failure)) {
			this.blocked = new BlockedStatement(BlockedStatement.Reason.DEADLOCK, failure, isRepeatable(), false);
		}
	}

	/**
	 * Note that the unit could not be recorded. All that is not transactional has been
	 * done then.
	 */
	void recordFailed(SQLException failure, String sql) {
		toolFailed(failure);
		if (!this.transactional && this.executed > 0) {
			failedIn(sql);
		}
	}

	/**
	 * Return whether a failure of the record has nothing to do with the record.
	 */
	boolean isRecordHit(SQLException failure) {
		return isRecording() && isRecordedApart() && (StatementGuard.isCancel(failure) || isDeadlock(failure));
	}

	private static boolean isDeadlock(SQLException failure) {
		return DEADLOCK_DETECTED.equals(failure.getSQLState());
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
