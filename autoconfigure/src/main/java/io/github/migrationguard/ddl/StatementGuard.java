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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;

import io.github.migrationguard.lock.NetworkTimeout;
import io.github.migrationguard.lock.StatementInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Wraps every statement of a run, and tells a migration's own statements from those with
 * which the tool keeps its books. Only the former get a {@code lock_timeout}: one for the
 * whole session would corrupt the history, as Liquibase skips or records change sets that
 * meet a timeout in a precondition or with {@code failOnError:false}. For the same reason
 * the {@link Unit} remembers every failure to get a lock until it ends, whatever the tool
 * makes of it.
 * <p>
 * Used by the thread that runs the migration, except for {@link #running()} and
 * {@link #cancel}.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT">lock_timeout</a>
 */
public final class StatementGuard implements StatementInterceptor {

	private static final String QUERY_CANCELED = "57014";

	private final Connection connection;

	private final Listener listener;

	private final StatementTicket ticket = new StatementTicket();

	private final SessionLockTimeout sessionLockTimeout;

	private final RecordGuard recordGuard;

	private Duration lockTimeout;

	private boolean patientWithRows;

	private Unit unit = Unit.none();

	/**
	 * The unit may send something past this guard at any time.
	 */
	private boolean bypassed;

	/**
	 * The migration may have set a time limit for its statements, so that one of them may
	 * be cancelled without anybody's wish to end the migration.
	 */
	private boolean timeLimit;

	/**
	 * Something was executed that may have dropped the locks of the session.
	 */
	private boolean lockInDoubt = true;

	/**
	 * Create a guard.
	 * @param connection the session's own connection
	 * @param lockTimeout how long a migration's own statement may wait for a lock
	 * @param listener who hears of a migration's own statements
	 */
	public StatementGuard(Connection connection, Duration lockTimeout, Listener listener) {
		this.connection = connection;
		this.lockTimeout = lockTimeout;
		this.listener = listener;
		this.sessionLockTimeout = new SessionLockTimeout(connection);
		this.recordGuard = new RecordGuard(connection, this.sessionLockTimeout);
	}

	/**
	 * Change how long a migration's own statement may wait for a lock.
	 * @param lockTimeout the time
	 */
	public void setLockTimeout(Duration lockTimeout) {
		this.lockTimeout = lockTimeout;
	}

	/**
	 * Change whether statements that read or write rows may wait for rows as long as they
	 * like. They make nobody wait but for rows, and are not to be begun again and again.
	 * @param patientWithRows whether they may
	 */
	public void setPatientWithRows(boolean patientWithRows) {
		this.patientWithRows = patientWithRows;
	}

	/**
	 * Called when the settings of the session, or its locks, may be other ones than those
	 * that were set here.
	 */
	public void forgetSettings() {
		this.sessionLockTimeout.forgetAll();
		this.lockInDoubt = true;
		this.timeLimit = false;
	}

	/**
	 * Start an attempt to apply a unit.
	 * @param unit the attempt
	 */
	public void start(Unit unit) {
		end();
		this.unit = unit;
	}

	/**
	 * End the current attempt: from now on the statements are the tool's.
	 */
	public void end() {
		this.unit.end();
		this.bypassed = false;
		NetworkTimeout.limit(this.connection);
		if (this.unit.hasOwnLockTimeout()) {
			this.sessionLockTimeout.forget();
		}
	}

	/**
	 * Return the current attempt, or the last one.
	 * @return the attempt
	 */
	public Unit unit() {
		return this.unit;
	}

	/**
	 * Return whether something was executed that may have dropped the locks of the
	 * session, since they were checked.
	 * @return whether the locks are in doubt
	 */
	public boolean isLockInDoubt() {
		return this.lockInDoubt;
	}

	/**
	 * Called when the locks of the session were checked.
	 */
	public void lockChecked() {
		this.lockInDoubt = false;
	}

	/**
	 * Return what is executed at this moment. May be called by any thread.
	 * @return the statement, or {@code null} if there is none
	 */
	public @Nullable RunningStatement running() {
		return this.ticket.running();
	}

	/**
	 * Return when the last statement has ended. May be called by any thread.
	 * @return the time, as of {@link System#nanoTime()}, or 0 if there was none
	 */
	public long lastEnded() {
		return this.ticket.lastEnded();
	}

	/**
	 * Cancel a statement on our own account, if it still runs: it is to be tried again.
	 * May be called by any thread.
	 * @param statement the statement
	 * @param cancel what sends the cancel, and tells whether it was sent; bounded in time
	 * @return whether it was sent
	 * @throws SQLException if it is not known whether it was sent
	 */
	public boolean cancel(RunningStatement statement, Cancel cancel) throws SQLException {
		return this.ticket.cancel(statement, cancel);
	}

	@Override
	public @Nullable Object executeBatch(String sql, Execution execution) throws SQLException {
		return execute(sql, DdlStatement.ofBatch(sql), execution);
	}

	@Override
	public @Nullable Object execute(String sql, Execution execution) throws SQLException {
		return execute(sql, DdlStatement.of(sql), execution);
	}

	private @Nullable Object execute(String sql, DdlStatement statement, Execution execution) throws SQLException {
		this.timeLimit |= statement.setsTimeLimit();
		if (this.unit.isExecuting()) {
			return executeOwn(sql, statement, execution);
		}
		if (this.unit.isInPrecondition()) {
			noteCode(statement);
		}
		try {
			return executeTools(sql, statement.isControl(), execution);
		}
		finally {
			if (statement.maySetLockTimeout()) {
				this.sessionLockTimeout.forgetAll();
			}
		}
	}

	/**
	 * Execute a statement of the migration, again and again if it is blocked and can be
	 * repeated by itself.
	 */
	private @Nullable Object executeOwn(String sql, DdlStatement statement, Execution execution) throws SQLException {
		while (true) {
			this.unit.refuseAfterFailure();
			noteCode(statement);
			boolean inTransaction = TransactionStatus.isInTransaction(this.connection);
			prepare(statement, inTransaction);
			try {
				return executeOnce(statement, inTransaction, execution);
			}
			catch (SQLException ex) {
				if (!this.unit.isRepeatableAlone(statement, inTransaction) || !this.listener.awaitRetry(this.unit)) {
					this.unit.failedIn(sql, statement, inTransaction);
					throw ex;
				}
				this.sessionLockTimeout.forgetAll();
				this.unit.repeats();
			}
		}
	}

	private @Nullable Object executeOnce(DdlStatement statement, boolean inTransaction, Execution execution)
			throws SQLException {
		WaitLimit limit = this.unit.limit(statement, inTransaction, this.patientWithRows);
		Object result;
		starts(limit);
		try {
			if (!statement.waitsForNobody() && !this.unit.hasOwnLockTimeout()) {
				this.sessionLockTimeout.set((limit == WaitLimit.LOCK_TIMEOUT) ? this.lockTimeout.toMillis() : 0);
			}
			result = execution.execute();
		}
		catch (SQLException ex) {
			failed(ex, ends(), limit, statement, inTransaction);
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			ends();
			throw ex;
		}
		if (ends()) {
			absorbCancel((failure) -> failed(failure, true, limit, statement, inTransaction));
		}
		executed(statement);
		return result;
	}

	/**
	 * What is no mere definition writes rows, or runs code that may do anything.
	 */
	private void noteCode(DdlStatement statement) {
		this.unit.executes(statement);
		this.lockInDoubt |= !statement.isDefinition() || statement.mayDropLocks();
	}

	private void executed(DdlStatement statement) throws SQLException {
		boolean idle = TransactionStatus.isIdle(this.connection);
		this.unit.executed(statement, idle);
		if (statement.mayResetSettings() || (statement.maySetLockTimeout() && idle)) {
			this.sessionLockTimeout.forgetAll();
			this.lockInDoubt = true;
		}
		else if (statement.maySetLockTimeout()) {
			this.sessionLockTimeout.forget();
		}
		if (statement.mayDropLocks() && idle) {
			this.listener.afterLocksWereDropped(this.unit);
		}
	}

	/**
	 * Do what is to be done before a statement. It is watched as well, and never cut.
	 */
	private void prepare(DdlStatement statement, boolean inTransaction) throws SQLException {
		if (statement.isControl() && !statement.mayDropLocks()) {
			return;
		}
		starts(WaitLimit.NONE);
		try {
			this.listener.beforeOwnStatement(this.unit, statement, inTransaction);
			if (statement.mayDropLocks()) {
				this.listener.beforeLocksAreDropped();
			}
		}
		catch (SQLException ex) {
			this.sessionLockTimeout.forget();
			this.unit.failedBefore(StatementFailure.of(ex, false, false, this.timeLimit), statement);
			throw ex;
		}
		finally {
			ends();
		}
	}

	/**
	 * What is watched may take as long as it likes, everything else not.
	 */
	private void starts(WaitLimit limit) {
		this.ticket.starts(limit.isCancellable(), limit.isUnlimitedInServer(), this.unit.start());
		NetworkTimeout.suspend(this.connection);
	}

	private boolean ends() {
		if (!this.bypassed) {
			NetworkTimeout.limit(this.connection);
		}
		return this.ticket.ends();
	}

	/**
	 * Do something besides the migration that is watched and never cut.
	 * @param action what is to be done
	 */
	public void watched(Runnable action) {
		starts(WaitLimit.NONE);
		try {
			action.run();
		}
		finally {
			ends();
		}
	}

	private void failed(SQLException failure, boolean cancelledByUs, WaitLimit limit, DdlStatement statement,
			boolean inTransaction) {
		this.sessionLockTimeout.forget();
		boolean lockTimeout = limit == WaitLimit.LOCK_TIMEOUT || this.unit.hasOwnLockTimeout();
		this.unit.failed(StatementFailure.of(failure, cancelledByUs, lockTimeout, this.timeLimit), statement,
				inTransaction);
	}

	/**
	 * Return whether the server has cancelled what was executed, whoever asked for it.
	 * @param failure the failure of it
	 * @return whether its SQLSTATE is {@code query_canceled}
	 */
	public static boolean isCancel(SQLException failure) {
		return QUERY_CANCELED.equals(failure.getSQLState());
	}

	/**
	 * Execute nothing, so that a cancel of ours that was sent when the statement had just
	 * got its lock hits nothing.
	 */
	private void absorbCancel(Consumer<SQLException> failed) throws SQLException {
		try (Statement nothing = this.connection.createStatement()) {
			nothing.execute("select 1");
		}
		catch (SQLException ex) {
			if (!isCancel(ex)) {
				throw ex;
			}
			if (TransactionStatus.isInTransaction(this.connection)) {
				failed.accept(ex);
				throw ex;
			}
		}
	}

	private @Nullable Object executeTools(String sql, boolean control, Execution execution) throws SQLException {
		if (!this.unit.isRecording() || !this.unit.isRecordedApart()) {
			return executeTools(this.unit.limitOfTool(), control, execution);
		}
		starts(WaitLimit.NONE);
		try {
			return this.recordGuard.execute(this.unit, sql, execution);
		}
		finally {
			ends();
		}
	}

	private @Nullable Object executeTools(WaitLimit limit, boolean control, Execution execution) throws SQLException {
		Object result;
		starts(limit);
		try {
			if (!control) {
				this.sessionLockTimeout.set(0);
			}
			result = execution.execute();
		}
		catch (SQLException ex) {
			toolFailed(ex, ends());
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			ends();
			throw ex;
		}
		if (ends()) {
			absorbCancel((failure) -> toolFailed(failure, true));
		}
		return result;
	}

	private void toolFailed(SQLException failure, boolean cancelledByUs) {
		this.sessionLockTimeout.forget();
		this.unit.toolFailed(StatementFailure.of(failure, cancelledByUs, false, this.timeLimit));
	}

	@Override
	public @Nullable Object ask(Execution execution) throws SQLException {
		if (!this.unit.isExecuting()) {
			return executeTools("", false, execution);
		}
		starts(WaitLimit.NONE);
		try {
			if (!this.unit.hasOwnLockTimeout() && this.sessionLockTimeout.isKnown()) {
				this.sessionLockTimeout.set(0);
			}
			return execution.execute();
		}
		finally {
			ends();
		}
	}

	@Override
	public void limitsTime() {
		this.timeLimit = true;
	}

	@Override
	public boolean mayHaveDeferredChecks() {
		return !this.unit.hasOnlyDefinitions();
	}

	@Override
	public void commit(Execution execution) throws SQLException {
		starts(WaitLimit.NONE);
		try {
			execution.execute();
			this.unit.transactionCommitted();
			this.sessionLockTimeout.committed();
		}
		catch (SQLException ex) {
			toolFailed(ex, false);
			throw ex;
		}
		finally {
			ends();
		}
	}

	/**
	 * What is sent past this guard reads or writes rows, which the driver has interfaces
	 * of its own for. It is watched until the next statement.
	 */
	@Override
	public void bypassed() throws SQLException {
		streaming();
		this.unit.executesUnseen();
		this.lockInDoubt = true;
		if (!this.unit.isExecuting()) {
			return;
		}
		this.unit.refuseAfterFailure();
		starts(WaitLimit.NONE);
		this.unit.executedUnseen(TransactionStatus.isInTransaction(this.connection));
		if (!this.unit.hasOwnLockTimeout()) {
			this.sessionLockTimeout.set(0);
		}
	}

	@Override
	public void streaming() {
		this.bypassed = true;
		NetworkTimeout.suspend(this.connection);
	}

	@Override
	public void rolledBack(boolean completely) {
		this.sessionLockTimeout.rolledBack(completely);
		if (completely) {
			this.unit.transactionRolledBack();
		}
	}

	/**
	 * Hears of a migration's own statements.
	 */
	public interface Listener {

		/**
		 * Called before a statement is executed.
		 * @param unit the unit that it belongs to
		 * @param statement the statement
		 * @param inTransaction whether it is executed in a transaction
		 * @throws SQLException if the statement must not be executed
		 */
		void beforeOwnStatement(Unit unit, DdlStatement statement, boolean inTransaction) throws SQLException;

		/**
		 * Called when a statement was blocked that can be repeated by itself.
		 * @param unit the unit that it belongs to
		 * @return whether it is to be executed again now
		 * @throws SQLException if the database cannot be asked
		 */
		default boolean awaitRetry(Unit unit) throws SQLException {
			return false;
		}

		/**
		 * Called before a statement that may drop the locks of the session.
		 * @throws SQLException if the database cannot be asked
		 */
		default void beforeLocksAreDropped() throws SQLException {
		}

		/**
		 * Called after such a statement, if no transaction has kept the locks.
		 * @param unit the unit that it belongs to
		 * @throws SQLException if the database cannot be asked
		 */
		default void afterLocksWereDropped(Unit unit) throws SQLException {
		}

	}

	/**
	 * Sends a cancel.
	 */
	@FunctionalInterface
	public interface Cancel {

		/**
		 * Send the cancel.
		 * @return whether it was sent
		 * @throws SQLException if that is not known
		 */
		boolean send() throws SQLException;

	}

}
