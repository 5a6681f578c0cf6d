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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.github.migrationguard.lock.NetworkTimeout;
import io.github.migrationguard.lock.StatementInterceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Is round every statement of a run, and tells a migration's own statements from those
 * with which the tool keeps its books. Only the former get a {@code lock_timeout}: one
 * for the whole session would corrupt the history, as Liquibase skips or records change
 * sets that meet a timeout in a precondition or with {@code failOnError:false}. For the
 * same reason every failure to get a lock is remembered until the unit ends, whatever the
 * tool makes of it.
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

	private static final Log logger = LogFactory.getLog(StatementGuard.class);

	private static final String SET_LOCK_TIMEOUT = "select set_config('lock_timeout', ?, false)";

	private static final String CURRENT_TRANSACTION = "select pg_current_xact_id()::text";

	private static final String TRANSACTION_STATUS = "select pg_xact_status(?::text::xid8)";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private static final String DEADLOCK_DETECTED = "40P01";

	private static final String QUERY_CANCELED = "57014";

	/**
	 * Cancels may come in a row.
	 */
	private static final int MAX_ATTEMPTS = 10;

	private final Connection connection;

	private final Listener listener;

	private final StatementTicket ticket = new StatementTicket();

	private Duration lockTimeout;

	private boolean patientWithRows;

	private Phase phase = Phase.TOOL;

	private boolean transactional;

	private long unitStart;

	private int executed;

	/**
	 * Something of what was executed is not rolled back if the unit fails.
	 */
	private boolean committed;

	/**
	 * The unit has set a lock timeout of its own, which is respected until it ends.
	 */
	private boolean ownLockTimeout;

	/**
	 * What the session has, or {@code null} if that is not known.
	 */
	private @Nullable Long lockTimeoutMillis;

	/**
	 * What the session has after a rollback, or {@code null} if that is not known.
	 */
	private @Nullable Long committedLockTimeoutMillis;

	private @Nullable BlockedStatement blocked;

	private @Nullable SQLException cancelled;

	private boolean undone;

	private @Nullable FailedStatement failedStatement;

	/**
	 * The unit may send something past this guard at any time.
	 */
	private boolean bypassed;

	/**
	 * The unit has done nothing but create, alter and drop.
	 */
	private boolean onlyDefinitions;

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
		this.lockTimeoutMillis = null;
		this.committedLockTimeoutMillis = null;
		this.lockInDoubt = true;
	}

	/**
	 * Called before a unit: forget what happened in the one before.
	 * @param transactional whether all that the unit does is rolled back if it fails
	 */
	public void unitStarts(boolean transactional) {
		this.transactional = transactional;
		this.unitStart = System.nanoTime();
		this.executed = 0;
		this.committed = false;
		this.blocked = null;
		this.cancelled = null;
		this.undone = false;
		this.failedStatement = null;
		this.onlyDefinitions = true;
		unitEnds();
		this.phase = Phase.PRECONDITION;
	}

	/**
	 * From now on the statements are those of the migration.
	 */
	public void ownStatements() {
		this.phase = Phase.UNIT;
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
	public void unitEnds() {
		this.phase = Phase.TOOL;
		this.bypassed = false;
		NetworkTimeout.limit(this.connection);
		if (this.ownLockTimeout) {
			this.ownLockTimeout = false;
			this.lockTimeoutMillis = null;
		}
	}

	/**
	 * Return why a statement of the current unit did not get a lock.
	 * @return the latest failure, or {@code null} if there was none
	 */
	public @Nullable BlockedStatement blocked() {
		return this.blocked;
	}

	/**
	 * Return with what a statement was cancelled that was not cancelled by this guard:
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
	 * Return with which statement the current unit failed first, if something that it did
	 * is not rolled back.
	 * @return the statement, or {@code null} if there is none
	 */
	public @Nullable FailedStatement failedStatement() {
		return this.failedStatement;
	}

	/**
	 * Called when the current unit is applied, or may fail: whatever failed does not
	 * matter.
	 */
	public void forgetFailure() {
		this.failedStatement = null;
	}

	/**
	 * Return whether something was executed that may have dropped the locks of the
	 * session, since this was asked last.
	 * @return whether the locks are in doubt
	 */
	public boolean isLockInDoubt() {
		boolean inDoubt = this.lockInDoubt;
		this.lockInDoubt = false;
		return inDoubt;
	}

	/**
	 * Return what is executed at this moment. May be called by any thread.
	 * @return the statement, or {@code null} if there is none
	 */
	public @Nullable RunningStatement running() {
		return this.ticket.running();
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

	/**
	 * A driver may commit a part of a batch that fails.
	 */
	@Override
	public @Nullable Object executeBatch(String sql, Execution execution) throws SQLException {
		this.committed |= this.connection.getAutoCommit();
		return execute(sql, execution);
	}

	@Override
	public @Nullable Object execute(String sql, Execution execution) throws SQLException {
		if (this.phase == Phase.UNIT) {
			return executeOwn(sql, execution);
		}
		if (this.phase == Phase.PRECONDITION) {
			noteCode(DdlStatement.of(sql));
		}
		return executeTools(sql, execution);
	}

	private @Nullable Object executeOwn(String sql, Execution execution) throws SQLException {
		refuseAfterFailure();
		DdlStatement statement = DdlStatement.of(sql);
		noteCode(statement);
		noteCommit(false);
		prepare(statement);
		if (statement.mayDropLocks()) {
			this.listener.beforeLocksAreDropped();
		}
		this.ownLockTimeout |= statement.setsLockTimeout();
		boolean harmless = statement.waitsForNobody();
		boolean limited = statement.allowsLockTimeout() && !harmless;
		boolean patient = statement.isConcurrent() || (this.patientWithRows && statement.isData());
		starts(!patient, !limited && !this.ownLockTimeout, this.unitStart);
		Object result;
		try {
			if (!this.ownLockTimeout && !harmless) {
				ensureLockTimeout(limited ? this.lockTimeout.toMillis() : 0);
			}
			result = execution.execute();
		}
		catch (SQLException ex) {
			if (this.failedStatement == null && (!this.transactional || this.committed)) {
				this.failedStatement = new FailedStatement(sql, this.executed);
			}
			failed(ex, ends(), statement);
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			ends();
			throw ex;
		}
		if (ends()) {
			absorbCancel(statement);
		}
		if (!statement.changesNothing()) {
			this.executed++;
		}
		noteCommit(statement.commits());
		if (statement.mayResetSettings() || (statement.setsLockTimeout() && this.connection.getAutoCommit())) {
			forgetSettings();
		}
		else if (statement.setsLockTimeout()) {
			this.lockTimeoutMillis = null;
		}
		if (statement.mayDropLocks() && this.connection.getAutoCommit()) {
			this.listener.afterLocksWereDropped();
		}
		return result;
	}

	/**
	 * The unit will fail, or be tried again, for what the tool or code of the user has
	 * ignored. What it would do until then might have to be undone by hand.
	 */
	private void refuseAfterFailure() throws SQLException {
		if (this.cancelled != null) {
			throw this.cancelled;
		}
		if (this.blocked != null && !this.blocked.intended()) {
			throw this.blocked.failure();
		}
	}

	/**
	 * What is no mere definition writes rows, or runs code that may do anything.
	 */
	private void noteCode(DdlStatement statement) {
		this.onlyDefinitions &= statement.isDefinition();
		this.lockInDoubt |= !statement.isDefinition() || statement.mayDropLocks();
	}

	private void noteUnknownCode() {
		this.onlyDefinitions = false;
		this.lockInDoubt = true;
	}

	/**
	 * What is done before is watched as well, and never cut.
	 */
	private void prepare(DdlStatement statement) throws SQLException {
		starts(false, false, this.unitStart);
		try {
			this.listener.beforeOwnStatement(statement, this.executed == 0);
		}
		catch (SQLException ex) {
			failed(ex, false, statement);
			this.undone = !this.transactional && isNothingDone();
			this.cancelled = isCancel(ex) ? ex : this.cancelled;
			throw ex;
		}
		finally {
			ends();
		}
	}

	/**
	 * What is watched may take as long as it likes, everything else not.
	 */
	private void starts(boolean cancellable, boolean unlimited, long unitStart) {
		this.ticket.starts(cancellable, unlimited, unitStart);
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
		starts(false, false, 0);
		try {
			action.run();
		}
		finally {
			ends();
		}
	}

	private void failed(SQLException failure, boolean cancelledByUs, DdlStatement statement) {
		BlockedStatement.Reason reason = reason(failure, cancelledByUs);
		this.lockTimeoutMillis = null;
		this.committed |= statement.commits() && statement.statements().size() > 1;
		this.undone = !this.transactional && isNothingDone()
				&& (reason != null || statement.isConcurrentIndex() || statement.changesNothing());
		if (reason != null) {
			this.blocked = new BlockedStatement(reason, failure, isRepeatable(),
					this.ownLockTimeout && reason == BlockedStatement.Reason.LOCK_TIMEOUT);
		}
		else if (isCancel(failure)) {
			this.cancelled = failure;
		}
	}

	/**
	 * Code of the user may commit in the middle of a unit that is transactional.
	 */
	private void noteCommit(boolean commits) throws SQLException {
		if (this.phase == Phase.UNIT && this.executed > 0 && (commits || this.connection.getAutoCommit())) {
			this.committed = true;
		}
	}

	private boolean isRepeatable() {
		return isNothingDone() || (this.transactional && !this.committed);
	}

	private boolean isNothingDone() {
		return this.executed == 0 && !this.committed;
	}

	private static BlockedStatement.@Nullable Reason reason(SQLException failure, boolean cancelledByUs) {
		if (LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
			return BlockedStatement.Reason.LOCK_TIMEOUT;
		}
		if (DEADLOCK_DETECTED.equals(failure.getSQLState())) {
			return BlockedStatement.Reason.DEADLOCK;
		}
		return (isCancel(failure) && cancelledByUs) ? BlockedStatement.Reason.STALL : null;
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
	 * Our cancel was sent when the statement had just got its lock. It hits whatever
	 * comes next, so let that be nothing.
	 */
	private void absorbCancel(DdlStatement statement) throws SQLException {
		try (Statement nothing = this.connection.createStatement()) {
			nothing.execute("select 1");
		}
		catch (SQLException ex) {
			if (!isCancel(ex)) {
				throw ex;
			}
			if (!this.connection.getAutoCommit()) {
				failed(ex, true, statement);
				throw ex;
			}
		}
	}

	private @Nullable Object executeTools(String sql, Execution execution) throws SQLException {
		for (int attempt = 1;; attempt++) {
			starts(false, false, this.unitStart);
			try {
				ensureLockTimeout(0);
				Object result = execution.execute();
				commitRecord();
				return result;
			}
			catch (SQLException ex) {
				this.lockTimeoutMillis = null;
				rememberCancel(ex);
				rememberRecord(sql);
				if (!isRecordHit(ex) || attempt == MAX_ATTEMPTS) {
					throw ex;
				}
				logger.debug("The record of a unit was cancelled, recording it again", ex);
				rollback();
			}
			finally {
				ends();
			}
		}
	}

	/**
	 * A commit may be cancelled as well, and could not be repeated alone. The server may
	 * even report the cancel when it has committed already.
	 */
	private void commitRecord() throws SQLException {
		if (this.phase == Phase.RECORD && !this.transactional && !this.connection.getAutoCommit()) {
			String transaction = query(CURRENT_TRANSACTION, null);
			try {
				this.connection.commit();
			}
			catch (SQLException ex) {
				rememberCancel(ex);
				if (!isCancel(ex) || !isCommitted(transaction)) {
					throw ex;
				}
				logger.debug("The commit of the record of a unit was cancelled too late", ex);
			}
			this.committedLockTimeoutMillis = this.lockTimeoutMillis;
		}
	}

	/**
	 * What is not known to be committed would be recorded once more. A commit that was
	 * cancelled before it was done leaves the transaction open, in which nothing can be
	 * asked.
	 */
	private boolean isCommitted(@Nullable String transaction) throws SQLException {
		for (int attempt = 1;; attempt++) {
			try {
				this.connection.rollback();
				return "committed".equals(query(TRANSACTION_STATUS, transaction));
			}
			catch (SQLException ex) {
				if (!isCancel(ex) || attempt == MAX_ATTEMPTS) {
					SQLException unknown = new SQLException(
							"It is not known whether the record of the unit was committed", "40003");
					unknown.addSuppressed(ex);
					throw unknown;
				}
			}
		}
	}

	private @Nullable String query(String sql, @Nullable String parameter) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			if (parameter != null) {
				statement.setString(1, parameter);
			}
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getString(1);
			}
		}
	}

	/**
	 * What is not transactional has been done already when it is recorded.
	 */
	private boolean isRecordHit(SQLException failure) {
		return this.phase == Phase.RECORD && !this.transactional
				&& (isCancel(failure) || DEADLOCK_DETECTED.equals(failure.getSQLState()));
	}

	private void rememberCancel(SQLException failure) {
		if (isCancel(failure)) {
			this.cancelled = failure;
		}
		else if (DEADLOCK_DETECTED.equals(failure.getSQLState()) && !isRecordHit(failure)) {
			this.blocked = new BlockedStatement(BlockedStatement.Reason.DEADLOCK, failure, isRepeatable(), false);
		}
	}

	/**
	 * All that is not transactional has been done when it cannot be recorded.
	 */
	private void rememberRecord(String sql) {
		if (this.phase == Phase.RECORD && !this.transactional && this.executed > 0 && this.failedStatement == null) {
			this.failedStatement = new FailedStatement(sql, this.executed);
		}
	}

	private void rollback() throws SQLException {
		if (this.connection.getAutoCommit()) {
			return;
		}
		for (int attempt = 1;; attempt++) {
			try {
				this.connection.rollback();
				rolledBack(true);
				return;
			}
			catch (SQLException ex) {
				if (!isCancel(ex) || attempt == MAX_ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	@Override
	public @Nullable Object ask(Execution execution) throws SQLException {
		if (this.phase != Phase.UNIT) {
			return executeTools("", execution);
		}
		starts(false, false, this.unitStart);
		try {
			if (!this.ownLockTimeout && this.lockTimeoutMillis != null) {
				ensureLockTimeout(0);
			}
			return execution.execute();
		}
		finally {
			ends();
		}
	}

	@Override
	public boolean mayHaveDeferredChecks() {
		return !this.onlyDefinitions;
	}

	@Override
	public void commit(Execution execution) throws SQLException {
		starts(false, false, this.unitStart);
		try {
			execution.execute();
			noteCommit(true);
			this.committedLockTimeoutMillis = this.lockTimeoutMillis;
		}
		catch (SQLException ex) {
			this.lockTimeoutMillis = null;
			rememberCancel(ex);
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
		noteUnknownCode();
		if (this.phase != Phase.UNIT) {
			return;
		}
		refuseAfterFailure();
		starts(false, false, this.unitStart);
		this.executed++;
		this.committed |= this.connection.getAutoCommit();
		if (!this.ownLockTimeout) {
			ensureLockTimeout(0);
		}
	}

	@Override
	public void streaming() {
		this.bypassed = true;
		NetworkTimeout.suspend(this.connection);
	}

	@Override
	public void rolledBack(boolean completely) {
		this.lockTimeoutMillis = completely ? this.committedLockTimeoutMillis : null;
	}

	/**
	 * Settings are sent only when they change.
	 */
	private void ensureLockTimeout(long millis) throws SQLException {
		Long current = this.lockTimeoutMillis;
		if (current != null && current == millis) {
			return;
		}
		try (PreparedStatement statement = this.connection.prepareStatement(SET_LOCK_TIMEOUT)) {
			statement.setString(1, String.valueOf(millis));
			statement.execute();
		}
		this.lockTimeoutMillis = millis;
		if (this.connection.getAutoCommit()) {
			this.committedLockTimeoutMillis = millis;
		}
	}

	/**
	 * Whose statements are executed.
	 */
	private enum Phase {

		/**
		 * The tool's, between two units.
		 */
		TOOL,

		/**
		 * The tool's, and what the unit asks before it is executed.
		 */
		PRECONDITION,

		/**
		 * The migration's.
		 */
		UNIT,

		/**
		 * The tool's, which record the unit.
		 */
		RECORD

	}

	/**
	 * Hears of a migration's own statements.
	 */
	public interface Listener {

		/**
		 * Called before a statement is executed.
		 * @param statement the statement
		 * @param first whether nothing of the unit was executed before
		 * @throws SQLException if the statement must not be executed
		 */
		void beforeOwnStatement(DdlStatement statement, boolean first) throws SQLException;

		/**
		 * Called before a statement that may drop the locks of the session.
		 * @throws SQLException if the database cannot be asked
		 */
		default void beforeLocksAreDropped() throws SQLException {
		}

		/**
		 * Called after such a statement, if no transaction has kept the locks.
		 * @throws SQLException if the database cannot be asked
		 */
		default void afterLocksWereDropped() throws SQLException {
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
