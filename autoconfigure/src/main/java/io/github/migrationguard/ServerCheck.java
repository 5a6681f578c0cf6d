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

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockSelfTest;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.lock.MigrationSession.Server;
import io.github.migrationguard.lock.SessionAffinity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to migrate where the advisory lock cannot keep others out: through a pooler of
 * transactions, on a standby, on a database that has no such locks. Asks nothing unless
 * the lock is needed.
 *
 * @author Migration Guard
 */
final class ServerCheck {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	/**
	 * No process of Linux has a greater id. Poolers invent theirs.
	 */
	private static final int MAX_PID = 1 << 22;

	private final RunContext run;

	private final MigrationSession session;

	private final SecondConnection second;

	private boolean secondMissing;

	private boolean keepsSession = true;

	ServerCheck(RunContext run, MigrationSession session) {
		this.run = run;
		this.session = session;
		this.second = new SecondConnection(run.migrator().getDataSource());
	}

	/**
	 * Throw what a failure outside of a migration shows about the database.
	 * @throws TransactionPoolingException if the connection does not keep its session
	 * @throws AdvisoryLockException if there are no advisory locks
	 */
	static void throwIfUnfit(RunContext run, Throwable failure) {
		String proof = SqlFailures.findProofOfPooling(failure);
		if (proof != null) {
			throw pooling(run, proof, failure);
		}
		if (SqlFailures.isAdvisoryLockMissing(failure)) {
			throw new AdvisoryLockException(run.name(), run.databaseProduct(), SqlFailures.findMessage(failure),
					failure);
		}
	}

	private static TransactionPoolingException pooling(RunContext run, String proof, @Nullable Throwable cause) {
		return new TransactionPoolingException(run.name(), run.migrator().getTool(), run.databaseUrl(), proof, cause);
	}

	/**
	 * Check that the session can do what it has to, before it does anything that could be
	 * left behind in another one's session.
	 * @param upToDate whether it has nothing to do
	 * @throws StandbyException if it has to migrate on a server that can only be read
	 * @throws TransactionPoolingException if it has to migrate and the connection does
	 * not keep its session
	 */
	void check(boolean upToDate) throws SQLException {
		if (upToDate) {
			if (isMigrating()) {
				foresee();
			}
			return;
		}
		Server server = this.session.server();
		if (server.standby() && isMigrating()) {
			throw new StandbyException(this.run.name(), this.run.databaseUrl(),
					this.run.settings().databaseWaitTimeout());
		}
		if (server.behindPooler()) {
			checkSessionAffinity();
		}
		this.run.board().update((status) -> status.withError(null));
	}

	private boolean isMigrating() {
		return this.run.settings().role() == MigrationRole.MIGRATE;
	}

	/**
	 * Tell, as far as it is known without asking, what a start with something pending
	 * would meet.
	 */
	private void foresee() throws SQLException {
		if (this.session.isKnownStandby()) {
			logger.warn("Migration '%s' is connected to a standby: with something pending it would wait for a primary"
				.formatted(this.run.name()));
		}
		if (TransactionPoolingException.isSupavisor(this.run.databaseUrl())) {
			logger.warn("Migration '%s' is connected to %s, which pools transactions: with something pending it fails"
				.formatted(this.run.name(), this.run.databaseUrl()));
		}
		else if (this.session.backendPid() < 0 || this.session.backendPid() > MAX_PID) {
			logger.info(
					"Migration '%s' is connected through a connection pooler: with something pending it is checked whether that pools sessions"
						.formatted(this.run.name()));
		}
	}

	/**
	 * Return whether the connection keeps its session, as far as could be found out.
	 */
	boolean keepsSession() {
		return this.keepsSession;
	}

	private void checkSessionAffinity() {
		String violation = findViolation();
		if (violation == null) {
			return;
		}
		if (isMigrating()) {
			throw pooling(this.run, violation, null);
		}
		this.keepsSession = false;
		logger
			.warn("""
					Migration '%s' waits through a connection pooler that does not pool sessions. Others cannot see that it \
					waits, and it is not notified: %s"""
				.formatted(this.run.name(), violation));
	}

	private @Nullable String findViolation() {
		try (Connection other = this.second.open()) {
			return SessionAffinity.findViolation(this.session.connection(), other);
		}
		catch (SQLException ex) {
			String proof = SqlFailures.findProofOfPooling(ex);
			if (proof == null) {
				this.secondMissing = true;
				logger
					.warn("""
							Migration '%s' is connected through a connection pooler, which has to pool sessions. That could \
							not be checked, for want of a second connection: %s"""
						.formatted(this.run.name(), SqlFailures.findMessage(ex)));
			}
			return proof;
		}
	}

	/**
	 * Check that the lock, which is held, keeps a second connection out.
	 * @return whether that was seen: not if there is no second connection
	 * @throws AdvisoryLockException if it does not
	 */
	boolean requireExclusiveLock(LockKey key) {
		if (this.secondMissing) {
			return false;
		}
		try (Connection other = this.second.open()) {
			String defect = LockSelfTest.findDefect(key, other);
			if (defect != null) {
				throw new AdvisoryLockException(this.run.name(), this.run.databaseProduct(), defect, null);
			}
			return true;
		}
		catch (SQLException ex) {
			logger.debug("The lock could not be tested with a second connection", ex);
			return false;
		}
	}

	/**
	 * Throw what a failure before the migration comes from, if that is the database.
	 * Tools report the last failure on a broken connection rather than the first: so new
	 * connections are asked, too.
	 * @throws TransactionPoolingException if connections do not keep their sessions
	 * @throws AdvisoryLockException if there are no advisory locks
	 */
	void explain(Exception failure) {
		throwIfUnfit(this.run, failure);
		if (SqlFailures.find(failure, SQLException.class) == null || this.run.stop().isRequested()) {
			return;
		}
		try (Connection connection = this.second.open(); Connection other = this.second.open()) {
			String violation = SessionAffinity.findViolation(connection, other);
			if (violation != null) {
				throw pooling(this.run, violation, failure);
			}
		}
		catch (SQLException ex) {
			throwIfUnfit(this.run, ex);
			logger.debug("The failure could not be explained with new connections", ex);
		}
	}

}
