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

package io.github.migrationguard.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.migrationguard.Attempt;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of one migration.
 *
 * @param tool the tool
 * @param role what this instance does, {@code migrate} or {@code wait}
 * @param state the state
 * @param since since when it is in this state
 * @param summary whether it works or is stuck, and who is in the way, in one sentence
 * @param database the database, or {@code null} until connected
 * @param lock the lock, or {@code null} until known
 * @param progress the progress, or {@code null} until known
 * @param blockers who is in the way of the holder, or {@code null} if unknown
 * @param queuedBehind who waits for the holder's statement, or {@code null} if unknown
 * @param attempts the latest attempts of this instance to apply units that were blocked,
 * or {@code null} if there are none
 * @param invalidIndexes the indexes of the database that could not be built, or
 * {@code null} if unknown
 * @param unknownUnits the first of the units that the history holds beyond what this
 * version knows, or {@code null} if there are none
 * @param changelogLock the tool's own lock if that is waited for, else {@code null}
 * @param cluster what is known of the database at this moment, or {@code null} if there
 * is nothing to say
 * @param error why the migration failed, or {@code null}
 * @author Migration Guard
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "tool", "role", "state", "since", "summary", "database", "lock", "progress", "blockers",
		"queuedBehind", "attempts", "invalidIndexes", "unknownUnits", "changelogLock", "cluster", "error" })
public record MigrationDescriptor(String tool, String role, MigrationState state,
		@JsonFormat(shape = JsonFormat.Shape.STRING) Instant since, String summary,
		@Nullable DatabaseDescriptor database, @Nullable LockDescriptor lock, @Nullable ProgressDescriptor progress,
		@Nullable List<BlockerDescriptor> blockers, @Nullable QueuedBehindDescriptor queuedBehind,
		@Nullable List<AttemptDescriptor> attempts, @Nullable List<InvalidIndexDescriptor> invalidIndexes,
		@Nullable List<String> unknownUnits, @Nullable ChangelogLockDescriptor changelogLock,
		@Nullable ClusterDescriptor cluster, @Nullable ErrorDescriptor error) implements OperationResponseBody {

	/**
	 * Description of the database that is migrated.
	 *
	 * @param product the product and its version
	 * @param url the JDBC URL without user, password and parameters, or {@code null} if
	 * unknown
	 * @param history the history table, or {@code null} until known
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "product", "url", "history" })
	public record DatabaseDescriptor(String product, @Nullable String url, @Nullable String history) {

	}

	/**
	 * Description of the lock and of everybody who takes part in it.
	 *
	 * @param key the two integers of the advisory lock's key
	 * @param name the readable name of what is protected
	 * @param waitedFor how long this instance has waited, or {@code null} if it did not
	 * @param timeoutAt when the wait ends without a further sign of life of the holder,
	 * or {@code null} if this instance does not wait
	 * @param acquiredAt when this instance got the lock by the server's clock, or
	 * {@code null} if it did not
	 * @param sampledAt when holder and waiters were read, or {@code null} if they were
	 * not
	 * @param holder the session that holds the lock, or {@code null} if there is none
	 * @param waiters the sessions that wait, or {@code null} if unknown
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "key", "name", "waitedFor", "timeoutAt", "acquiredAt", "sampledAt", "holder", "waiters" })
	public record LockDescriptor(List<Integer> key, String name,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration waitedFor,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant timeoutAt,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant acquiredAt,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant sampledAt,
			@Nullable ParticipantDescriptor holder, @Nullable List<ParticipantDescriptor> waiters) {

	}

	/**
	 * Description of a session that holds the lock or waits for it.
	 *
	 * @param pid the process id of the session's backend
	 * @param instance the instance that the session belongs to, or {@code null} if the
	 * session is not a guarded one
	 * @param user the role that the session logged in with, or {@code null} if unknown
	 * @param clientAddress the address of the client, or {@code null} if hidden or local
	 * @param since since when it holds the lock or waits, or {@code null} if unknown
	 * @param activity what the holder does at this moment, or {@code null} for a waiter
	 * @param query the statement of the holder with its literals masked, or {@code null}
	 * if it is not shown
	 * @param hidden what the database hides from our role and how to change that, or
	 * {@code null} if nothing is hidden
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "pid", "instance", "user", "clientAddress", "since", "activity", "query", "hidden" })
	public record ParticipantDescriptor(int pid, @Nullable String instance, @Nullable String user,
			@Nullable String clientAddress, @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant since,
			@Nullable Activity activity, @Nullable String query, @Nullable String hidden) {

	}

	/**
	 * Description of how far the migration is.
	 *
	 * @param applied how many units of this version are applied
	 * @param pending how many units are to be applied once
	 * @param recurring how many units are due at every start
	 * @param current the unit that this instance applies at this moment, or {@code null}
	 * @param phase what the holder does to build an index, or {@code null} if it builds
	 * none
	 * @param percent how much of the phase is done, or {@code null} if unknown
	 * @param pendingUnits the first of the units that are waited for, or {@code null} if
	 * this instance does not wait
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "applied", "pending", "recurring", "current", "phase", "percent", "pendingUnits" })
	public record ProgressDescriptor(int applied, int pending, int recurring, @Nullable UnitDescriptor current,
			@Nullable String phase, @Nullable Integer percent, @Nullable List<String> pendingUnits) {

	}

	/**
	 * Description of a unit, such as a change set.
	 *
	 * @param id the id of the unit
	 * @param startedAt when it was started
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "id", "startedAt" })
	public record UnitDescriptor(String id, @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant startedAt) {

	}

	/**
	 * Description of a session or transaction that is in the way of the holder.
	 *
	 * @param pid the process id, or {@code null} if there is no session
	 * @param kind what kind of blocker it is
	 * @param direct whether the holder waits for it, and not only for somebody who waits
	 * for it
	 * @param root whether it waits for nobody
	 * @param user the role that the session logged in with, or {@code null} if unknown
	 * @param applicationName the application name, or {@code null} if there is none
	 * @param clientAddress the address of the client, or {@code null} if hidden or local
	 * @param state the state of the session, or {@code null} if hidden
	 * @param transactionAge how long its transaction has been open, or {@code null} if
	 * hidden
	 * @param holds what it holds that is wanted, or {@code null} if unknown
	 * @param waitingFor what the one that waits for it wants, or {@code null} if unknown
	 * @param query its statement with the literals masked, or {@code null} if it is not
	 * shown
	 * @param advice what to do about it
	 * @param remedy the statement that removes it, or {@code null} if it is not to be
	 * removed
	 * @param hidden what the database hides from our role and how to change that, or
	 * {@code null} if nothing is hidden
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "pid", "kind", "direct", "root", "user", "applicationName", "clientAddress", "state",
			"transactionAge", "holds", "waitingFor", "query", "advice", "remedy", "hidden" })
	public record BlockerDescriptor(@Nullable Integer pid, BlockerKind kind, boolean direct, boolean root,
			@Nullable String user, @Nullable String applicationName, @Nullable String clientAddress,
			@Nullable String state, @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration transactionAge,
			@Nullable String holds, @Nullable String waitingFor, @Nullable String query, String advice,
			@Nullable String remedy, @Nullable String hidden) {

	}

	/**
	 * Description of the sessions that wait for the holder's statement.
	 *
	 * @param sessions how many
	 * @param longestWait how long the first of them has been waiting, or {@code null} if
	 * unknown
	 * @param first the ones that have been waiting for longest, or {@code null} if there
	 * are none
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "sessions", "longestWait", "first" })
	public record QueuedBehindDescriptor(int sessions,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration longestWait,
			@Nullable List<QueuedSessionDescriptor> first) {

	}

	/**
	 * Description of a session that waits for the holder's statement.
	 *
	 * @param pid the process id
	 * @param user the role that the session logged in with, or {@code null} if unknown
	 * @param applicationName the application name, or {@code null} if there is none
	 * @param waitingFor what it waits for
	 * @param waitedFor how long, or {@code null} if unknown
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "pid", "user", "applicationName", "waitingFor", "waitedFor" })
	public record QueuedSessionDescriptor(int pid, @Nullable String user, @Nullable String applicationName,
			String waitingFor, @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration waitedFor) {

	}

	/**
	 * Description of an attempt to apply a unit.
	 *
	 * @param number the number of the attempt, 1 for the first one of the unit
	 * @param startedAt when it was started
	 * @param took how long it took, or {@code null} while it goes on
	 * @param outcome how it ended, or {@code null} while it goes on
	 * @param unit the id of the unit
	 * @param maxStall for how long other sessions were allowed to queue behind it
	 * @param blockers the process ids of those who were in the way when it ended
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "number", "startedAt", "took", "outcome", "unit", "maxStall", "blockers" })
	public record AttemptDescriptor(int number, @JsonFormat(shape = JsonFormat.Shape.STRING) Instant startedAt,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Duration took, Attempt.@Nullable Outcome outcome,
			String unit, @JsonFormat(shape = JsonFormat.Shape.STRING) Duration maxStall, List<Integer> blockers) {

	}

	/**
	 * Description of an index that PostgreSQL does not use, because it could not be
	 * built.
	 *
	 * @param name its name
	 * @param table the name of its table
	 * @param definition its definition, or {@code null} if its table is locked
	 * @param remedy the statement that removes it without blocking anybody
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "name", "table", "definition", "remedy" })
	public record InvalidIndexDescriptor(String name, String table, @Nullable String definition, String remedy) {

	}

	/**
	 * Description of the tool's own lock, held by somebody who is not guarded.
	 *
	 * @param table the table of the lock
	 * @param lockedBy who holds it in the words of the tool, or {@code null} if unknown
	 * @param since since when, or {@code null} if unknown
	 * @param remedy the SQL statement that releases it once its owner is known to be gone
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "table", "lockedBy", "since", "remedy" })
	public record ChangelogLockDescriptor(String table, @Nullable String lockedBy,
			@JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable Instant since, String remedy) {

	}

	/**
	 * Description of what is known of the database at this moment.
	 *
	 * @param unavailable why the database could not be asked
	 */
	public record ClusterDescriptor(String unavailable) {

	}

	/**
	 * Description of a failure.
	 *
	 * @param message the message
	 * @param sqlState the SQLSTATE, or {@code null} if the failure did not come from the
	 * database
	 * @param unit the unit that failed, or {@code null} if none had been started
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "message", "sqlState", "unit" })
	public record ErrorDescriptor(String message, @Nullable String sqlState, @Nullable String unit) {

	}

}
