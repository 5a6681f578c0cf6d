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

package io.github.migrationguard.watch;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.lock.LockParticipants;
import org.jspecify.annotations.Nullable;

/**
 * A session or a prepared transaction as the server shows it.
 *
 * @param pid the process id, {@link #PREPARED} for a prepared transaction
 * @param alive whether there is such a session
 * @param transaction the virtual transaction id, or {@code null} if it holds no lock
 * @param blockedBy the process ids of those that it waits for
 * @param locks what it holds and waits for of what somebody waits for
 * @param user the name of its role, or {@code null}
 * @param superuser whether the role is a superuser
 * @param applicationName the application name, or {@code null} if there is none
 * @param clientAddress the address of its client, or {@code null}
 * @param visible whether the server shows what it does
 * @param leaderPid the process id of its leader if it is a parallel worker, or
 * {@code null}
 * @param state the state, or {@code null}
 * @param waitEvent what it waits for besides locks, or {@code null}
 * @param transactionAge how long its transaction has been open, or {@code null}
 * @param query its latest statement, or {@code null}
 * @param autovacuum whether it is an automatic vacuum
 * @param antiWraparound whether it is one that prevents a wraparound
 * @param buildsIndex whether it builds an index
 * @param indexBuild how far that is, or {@code null}
 * @param gid the quoted global id of the prepared transaction, or {@code null}
 * @param standbyNames the setting {@code synchronous_standby_names}
 * @param reader the quoted name of the role that asks
 * @author Migration Guard
 */
record ObservedSession(int pid, boolean alive, @Nullable String transaction, List<Integer> blockedBy,
		List<ObservedLock> locks, @Nullable String user, boolean superuser, @Nullable String applicationName,
		@Nullable String clientAddress, boolean visible, @Nullable Integer leaderPid, @Nullable String state,
		@Nullable String waitEvent, @Nullable Duration transactionAge, @Nullable String query, boolean autovacuum,
		boolean antiWraparound, boolean buildsIndex, @Nullable IndexBuild indexBuild, @Nullable String gid,
		String standbyNames, String reader) {

	/**
	 * What {@code pg_blocking_pids} returns for a prepared transaction.
	 */
	static final int PREPARED = 0;

	static ObservedSession of(ResultSet row) throws SQLException {
		return new ObservedSession(row.getInt("pid"), row.getBoolean("alive"), row.getString("transaction"),
				blockedBy(row), new ArrayList<>(), row.getString("username"), row.getBoolean("superuser"),
				emptyToNull(row.getString("application_name")), row.getString("client_address"),
				row.getBoolean("visible"), row.getObject("leader_pid", Integer.class), row.getString("state"),
				row.getString("wait_event"), Durations.read(row, "transaction_age"), row.getString("query"),
				row.getBoolean("autovacuum"), row.getBoolean("anti_wraparound"), row.getBoolean("builds_index"),
				IndexBuild.read(row), row.getString("gid"), row.getString("standby_names"), row.getString("reader"));
	}

	private static List<Integer> blockedBy(ResultSet row) throws SQLException {
		Array pids = row.getArray("blocked_by");
		return (pids != null) ? List.of((Integer[]) pids.getArray()) : List.of();
	}

	private static @Nullable String emptyToNull(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	boolean isPrepared() {
		return this.pid == PREPARED;
	}

	@Nullable LockRequest request() {
		return this.locks.stream()
			.filter((lock) -> !lock.granted())
			.findFirst()
			.map(ObservedLock::toRequest)
			.orElse(null);
	}

	boolean waitsForStandby() {
		return "SyncRep".equals(this.waitEvent);
	}

	boolean holds(LockRequest wanted) {
		return locksInTheWayOf(wanted).anyMatch(ObservedLock::granted);
	}

	private Stream<ObservedLock> locksInTheWayOf(LockRequest wanted) {
		return this.locks.stream().filter((lock) -> lock.isInTheWayOf(wanted));
	}

	boolean isSameTransaction(Blocker blocker) {
		return Objects.equals(isPrepared() ? null : this.pid, blocker.pid())
				&& Objects.equals(this.transaction, blocker.transaction());
	}

	Blocker toBlocker(LockRequest wanted, boolean direct) {
		BlockerKind kind = kind();
		BlockerAdvice advice = BlockerAdvice.of(kind, this, wanted);
		return new Blocker(isPrepared() ? null : this.pid, this.transaction, kind, direct, request() == null, this.user,
				this.superuser, this.applicationName, this.clientAddress, this.state, this.transactionAge,
				describeHeld(wanted), wanted.description(), this.query, advice.text(), advice.remedy(),
				this.visible ? null : this.reader);
	}

	/**
	 * Return what its own commit waits for.
	 */
	Blocker toStandbyBlocker() {
		BlockerAdvice advice = BlockerAdvice.of(BlockerKind.SYNC_REPLICATION, this);
		return new Blocker(null, null, BlockerKind.SYNC_REPLICATION, true, true, null, false, null, null, null, null,
				null, "confirmation of a synchronous standby", null, advice.text(), advice.remedy(), null);
	}

	/**
	 * Return what it waits for as one of a queue, nothing if its wait is over.
	 */
	Optional<QueuedSessions.Session> toQueued() {
		return Optional.ofNullable(request())
			.map((request) -> new QueuedSessions.Session(this.pid, this.user, this.applicationName,
					request.description(), request.waitedFor()));
	}

	private @Nullable String describeHeld(LockRequest wanted) {
		String held = locksInTheWayOf(wanted).filter(ObservedLock::granted)
			.map(ObservedLock::describe)
			.collect(Collectors.joining(", "));
		return !held.isEmpty() ? held
				: locksInTheWayOf(wanted).findFirst()
					.map((lock) -> lock.describe() + ", for which it waits ahead of the migration")
					.orElse(null);
	}

	private BlockerKind kind() {
		if (isPrepared()) {
			return BlockerKind.PREPARED_TRANSACTION;
		}
		if (this.autovacuum) {
			return this.antiWraparound ? BlockerKind.ANTI_WRAPAROUND_VACUUM : BlockerKind.AUTOVACUUM;
		}
		String applicationName = Objects.requireNonNullElse(this.applicationName, "");
		if (applicationName.startsWith("pg_dump") || applicationName.equals("pg_basebackup")) {
			return BlockerKind.BACKUP;
		}
		if (LockParticipants.isParticipant(applicationName)) {
			return BlockerKind.MIGRATION;
		}
		return this.buildsIndex ? BlockerKind.INDEX_BUILD : kindByState();
	}

	private BlockerKind kindByState() {
		String state = Objects.requireNonNullElse(this.state, "");
		if (state.startsWith("idle in transaction")) {
			return BlockerKind.IDLE_IN_TRANSACTION;
		}
		boolean executes = state.equals("active") || state.equals("fastpath function call");
		return (executes || request() != null) ? BlockerKind.LONG_TRANSACTION : BlockerKind.UNKNOWN;
	}

}
