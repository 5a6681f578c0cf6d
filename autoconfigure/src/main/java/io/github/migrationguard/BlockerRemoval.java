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
import java.util.stream.Stream;

import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerEnding;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.SessionSample;
import io.github.migrationguard.watch.SessionSampler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ends a session that is in the way of a migration because somebody has asked for that.
 * Who holds the lock and who is in the way is read anew, so that any instance can do it
 * and nobody else is hit.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class BlockerRemoval {

	private static final Log logger = LogFactory.getLog(BlockerRemoval.class);

	private static final int TIMEOUT_SECONDS = 5;

	private final GuardedMigration migration;

	private final MigrationStatus status;

	/**
	 * Create a removal.
	 * @param migration the migration that is blocked, in whatever instance
	 */
	public BlockerRemoval(GuardedMigration migration) {
		this.migration = migration;
		this.status = migration.getStatus();
	}

	/**
	 * End a session if it is in the way at this moment.
	 * @param pid the process id of the session
	 * @param principal who has asked for that
	 * @return what has become of it
	 */
	public Result remove(int pid, String principal) {
		MigrationStatus.Lock lock = this.status.lock();
		return (lock != null) ? remove(pid, principal, lock.key()) : Result.NOT_IN_THE_WAY;
	}

	private Result remove(int pid, String principal, LockKey key) {
		MonitoringDataSource dataSource = new MonitoringDataSource(this.migration.getMigrator().getDataSource(),
				TIMEOUT_SECONDS);
		try (Connection connection = dataSource.getConnection()) {
			for (Blocker blocker : findBlockers(connection, key)) {
				if (Integer.valueOf(pid).equals(blocker.pid())) {
					return remove(connection, blocker, principal);
				}
			}
			return Result.NOT_IN_THE_WAY;
		}
		catch (SQLException | RuntimeException ex) {
			return new Result(Outcome.UNAVAILABLE, SqlFailures.findMessage(ex));
		}
	}

	/**
	 * An instance that backs off knows all who are in its way. The others know the one
	 * that it names.
	 */
	private List<Blocker> findBlockers(Connection connection, LockKey key) throws SQLException {
		SessionSample own = this.status.ddl().sample();
		LockRequest wanted = (own != null && this.status.state() == MigrationState.BACKING_OFF) ? own.waitingFor()
				: null;
		return (wanted != null) ? SessionSampler.findHolders(connection, wanted, null, TIMEOUT_SECONDS)
				: findBlockersOfHolder(connection, key);
	}

	private List<Blocker> findBlockersOfHolder(Connection connection, LockKey key) throws SQLException {
		LockParticipants participants = LockParticipants.readAll(connection, TIMEOUT_SECONDS).get(key.hash());
		LockParticipant holder = (participants != null) ? participants.holder() : null;
		if (participants == null || holder == null) {
			return List.of();
		}
		SessionSample sample = HolderSamples.read(connection, List.of(participants), TIMEOUT_SECONDS).get(holder.pid());
		return Stream.ofNullable(sample).flatMap((known) -> known.blockers().stream()).toList();
	}

	private Result remove(Connection connection, Blocker blocker, String principal) throws SQLException {
		BlockerEnding.Result result = BlockerEnding.terminate(connection, blocker, TIMEOUT_SECONDS);
		return switch (result.outcome()) {
			case ENDED -> {
				logger.warn("The session %s was ended on request of '%s', it was in the way of the migration '%s'"
					.formatted(blocker.describe(), PrintableText.of(principal), this.status.name()));
				yield Result.ENDED;
			}
			case GONE -> Result.NOT_IN_THE_WAY;
			case REFUSED -> new Result(Outcome.REFUSED, "The server refuses it: " + result.reason());
		};
	}

	/**
	 * What has become of a session.
	 */
	public enum Outcome {

		/**
		 * It was ended.
		 */
		ENDED,

		/**
		 * It is not in the way at this moment, or there is no such session.
		 */
		NOT_IN_THE_WAY,

		/**
		 * The role of the migration may not end it.
		 */
		REFUSED,

		/**
		 * The database cannot be asked.
		 */
		UNAVAILABLE

	}

	/**
	 * What has become of a session, and why.
	 *
	 * @param outcome what has become of it
	 * @param reason why it was not ended, or {@code null}
	 */
	public record Result(Outcome outcome, @Nullable String reason) {

		static final Result ENDED = new Result(Outcome.ENDED, null);

		static final Result NOT_IN_THE_WAY = new Result(Outcome.NOT_IN_THE_WAY, null);

	}

}
