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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One guarded run of a {@link Migrator}, from the first look to the unlock: look without
 * a lock, leave if nothing is to be done, else {@link LockAcquisition get the lock} (or
 * leave, if somebody else did it all meanwhile), {@link ToolRun run the tool} and unlock.
 * All on one session and one thread.
 *
 * @author Migration Guard
 */
final class MigrationRun {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private final RunContext run;

	private final ReconnectWait reconnect;

	/**
	 * One wait, through however many sessions.
	 */
	private @Nullable LockWait wait;

	private @Nullable ToolRun tool;

	private boolean lostBefore;

	MigrationRun(RunContext run) {
		this.run = run;
		this.reconnect = new ReconnectWait(run);
	}

	/**
	 * Run, and leave the final state on the board.
	 * @throws MigrationException if the run failed or was stopped
	 */
	void execute() {
		try {
			if (this.run.migrator().isSwitchedOff()) {
				runUnguarded();
			}
			else if (!runWithoutDatabase()) {
				connectAndExecute();
			}
		}
		catch (Throwable ex) {
			throw failed(ex);
		}
		finally {
			this.run.migrator().forget();
		}
	}

	/**
	 * Code of the user that needs no database does not wait for one.
	 */
	private boolean runWithoutDatabase() throws Exception {
		SQLException unreachable = findUnreachable();
		if (unreachable == null) {
			return false;
		}
		AtomicBoolean done = new AtomicBoolean();
		this.run.migrating(() -> done.set(this.run.migrator().runWithoutDatabase(unreachable)));
		if (done.get()) {
			logger.warn("Migration '%s' is skipped: it has ended without its database, which cannot be reached: %s"
				.formatted(this.run.name(), SqlFailures.findMessage(unreachable)));
			this.run.board().state(MigrationState.SKIPPED);
		}
		return done.get();
	}

	private @Nullable SQLException findUnreachable() {
		Migrator migrator = this.run.migrator();
		if (this.run.settings().role() == MigrationRole.WAIT || !migrator.isDatabaseOptional()) {
			return null;
		}
		try (Connection connection = new SecondConnection(migrator.getDataSource()).open()) {
			return null;
		}
		catch (SQLException ex) {
			return SqlFailures.isNotThereYet(ex) ? ex : null;
		}
	}

	private void runUnguarded() throws Exception {
		this.run.migrating(this.run.migrator()::runUnguarded);
		MigrationStatus status = this.run.board().get();
		this.run.board().state((status.error() != null) ? MigrationState.UNGUARDED : MigrationState.SKIPPED);
	}

	private void stepAside(DatabaseProduct product) {
		MigrationStatus.Failure reason = null;
		if (product.wrapper() != null) {
			reason = new MigrationStatus.Failure(
					"its connections are not those of PostgreSQL's own driver, but " + product.wrapper(), null, null);
			logger.warn("Migration '%s' is not guarded: %s. Other instances may migrate at the same time"
				.formatted(this.run.name(), reason.message()));
		}
		else {
			logger.info("Migration '%s' is not guarded: its database is %s".formatted(this.run.name(), product.name()));
		}
		MigrationStatus.Failure error = reason;
		this.run.board().update((status) -> status.withError(error));
	}

	private void connectAndExecute() throws Exception {
		this.run.board().update((status) -> status.withError(null).withState(MigrationState.CONNECTING));
		StandbyWait wait = new StandbyWait(this.run);
		while (true) {
			try {
				if (connectAndExecuteOnce()) {
					this.run.migrator().afterRun();
				}
				else {
					runUnguarded();
				}
				return;
			}
			catch (StandbyException ex) {
				wait.pause(ex);
			}
			catch (SessionLostException ex) {
				this.reconnect.pause(ex.failure());
				wait = new StandbyWait(this.run);
			}
		}
	}

	/**
	 * Execute on a new session.
	 * @return {@code false} if it turned out not to be one of PostgreSQL
	 */
	private boolean connectAndExecuteOnce() throws Exception {
		MigrationSession session = new DatabaseConnector(this.run, this.reconnect.left()).connect();
		this.reconnect.connected();
		this.run.stop().sessionOpened(session);
		try {
			return execute(session);
		}
		catch (StandbyException ex) {
			// The next connection may lead to another server
			session.abort();
			throw ex;
		}
		catch (MigrationException ex) {
			throw ex;
		}
		catch (Exception ex) {
			if (giveUpSession(ex)) {
				ServerCheck.throwIfUnfit(this.run, ex);
				// A pool that does not test its connections would lend it out again
				session.abort();
				throw new SessionLostException(ex);
			}
			new ServerCheck(this.run, session).explain(ex);
			throw ex;
		}
		finally {
			this.run.stop().close(session);
		}
	}

	/**
	 * A holder that lost its session has lost its lock.
	 * @return whether the run goes on with a new session
	 */
	private boolean giveUpSession(Exception failure) {
		if (!SqlFailures.isSessionLost(failure)
				|| (this.tool != null && (this.tool.isExecuting() || this.lostBefore))) {
			return false;
		}
		this.lostBefore |= this.tool != null;
		this.tool = null;
		return true;
	}

	private LockWait lockWait() {
		LockWait wait = this.wait;
		if (wait == null) {
			wait = new LockWait(this.run.settings().lockWaitTimeout());
			this.wait = wait;
		}
		return wait;
	}

	private boolean execute(MigrationSession session) throws Exception {
		DatabaseProduct product = DatabaseProduct.of(session.connection());
		this.run.board().update((status) -> status.withDatabase(product.toStatus(null)));
		if (!product.isPostgres()) {
			stepAside(product);
			return false;
		}
		this.run.board().update((status) -> status.withError(null).withState(MigrationState.LOOKING));
		MigrationLook look = this.run.look(session);
		LockKey key = key(look.target());
		this.run.board()
			.update((status) -> status.withDatabase(product.toStatus(look.target().history().name()))
				.withLock(MigrationStatus.Lock.unlocked(key)));
		boolean waitOnly = this.run.settings().role() == MigrationRole.WAIT;
		boolean upToDate = waitOnly ? !look.hasToWait() && !look.untried() : look.isUpToDate();
		ServerCheck check = new ServerCheck(this.run, session);
		check.check(upToDate);
		checkSchemaAhead(look);
		if (upToDate) {
			if (this.wait != null && !waitOnly) {
				releaseStaleLock(session, look);
			}
			this.run.upToDate("nothing is pending, the lock was not needed");
		}
		else if (waitOnly) {
			if (check.keepsSession()) {
				session.prepareToFollow(key, this.run.settings().instance(), this.run.settings().sessionSettings());
			}
			else {
				session.prepareToPoll(key, this.run.settings().instance());
			}
			checkSchemaAhead(look, new MigrationWait(this.run, session, look, lockWait()).await());
		}
		else {
			migrateUnderLock(session, key, look, check);
		}
		return true;
	}

	/**
	 * The server that took away the session of this run may have taken the one of the
	 * holder as well, when all was applied and the tool's own lock not released yet.
	 */
	private void releaseStaleLock(MigrationSession session, MigrationLook look) {
		try (Connection connection = session.connection()) {
			connection.setAutoCommit(true);
			this.run.migrator().releaseStaleLock(connection, look.target());
		}
		catch (SQLException ex) {
			logger.debug("The tool's own lock, which may be left behind, could not be released", ex);
		}
	}

	/**
	 * A newer version has migrated the database, and this one is rolled back to.
	 */
	private void checkSchemaAhead(MigrationLook look) {
		SchemaAhead schemaAhead = this.run.settings().schemaAhead();
		if (look.unknown().isEmpty() || schemaAhead == SchemaAhead.IGNORE) {
			return;
		}
		List<String> laterBeans = this.run.migrator().findLaterBeans();
		if (!laterBeans.isEmpty()) {
			logger.info(
					"The history '%s' of the migration '%s' holds units that it does not know: %s. Beans that are not created yet may know them: %s"
						.formatted(look.target().history().name(), this.run.name(),
								SchemaAheadException.describe(look.unknown()), String.join(", ", laterBeans)));
			return;
		}
		SchemaAheadException ahead = new SchemaAheadException(this.run.name(), look.target().history().name(),
				look.unknown());
		if (schemaAhead == SchemaAhead.FAIL) {
			throw ahead;
		}
		logger.warn(ahead.getMessage() + ". A newer version has migrated the database");
	}

	/**
	 * A newer version may have migrated while this one waited.
	 */
	private void checkSchemaAhead(MigrationLook before, MigrationLook after) {
		if (!after.unknown().equals(before.unknown())) {
			checkSchemaAhead(after);
		}
	}

	private void migrateUnderLock(MigrationSession session, LockKey key, MigrationLook look, ServerCheck check)
			throws Exception {
		session.prepare(key, this.run.settings().instance(), this.run.settings().sessionSettings());
		LockAcquisition acquisition = new LockAcquisition(this.run, session, key, look, lockWait());
		MigrationLook due = acquisition.acquire();
		checkSchemaAhead(look, acquisition.look());
		boolean seen = due != null && check.requireExclusiveLock(key);
		while (due != null) {
			this.wait = null;
			try {
				this.tool = new ToolRun(this.run, session, key, due, seen);
				this.tool.execute();
				return;
			}
			catch (LockLostException ex) {
				if (this.lostBefore) {
					throw ex;
				}
				this.lostBefore = true;
				this.tool = null;
				logger.warn(ex.getMessage() + ". It is acquired again, then the migration goes on",
						(ex.getSuppressed().length > 0) ? ex : null);
				session.rejoin();
				due = new LockAcquisition(this.run, session, key, this.run.look(session), lockWait()).acquire();
			}
		}
	}

	private LockKey key(MigrationTarget target) {
		String sharedName = this.run.settings().lockName();
		return (sharedName != null) ? LockKey.of(sharedName, sharedName)
				: LockKey.of(target.lockIdentity(), target.lockName());
	}

	private MigrationException failed(Throwable ex) {
		MigrationException failure = toMigrationException(ex);
		MigrationStatus.Failure error = MigrationStatus.Failure.of(failure);
		MigrationState state = (failure instanceof MigrationStoppedException) ? MigrationState.ABORTED
				: MigrationState.FAILED;
		this.run.board()
			.update((status) -> status.withLock(MigrationStatus.Lock::left).withError(error).withState(state));
		return failure;
	}

	private MigrationException toMigrationException(Throwable ex) {
		MigrationException failure = SqlFailures.find(ex, MigrationException.class);
		if (this.run.stop().isRequested() && !(failure instanceof MigrationStoppedException)) {
			failure = new MigrationStoppedException(this.run.name(),
					"The application was stopped during the migration '%s'".formatted(this.run.name()));
			failure.addSuppressed(ex);
		}
		return (failure != null) ? failure
				: new MigrationFailedException(this.run.name(), this.run.migrator().getTool(), null, ex);
	}

	/**
	 * The session was lost while nothing of a migration was executed.
	 */
	@SuppressWarnings("serial")
	private static final class SessionLostException extends Exception {

		private final Exception failure;

		private SessionLostException(Exception failure) {
			super(failure);
			this.failure = failure;
		}

		private Exception failure() {
			return this.failure;
		}

	}

}
