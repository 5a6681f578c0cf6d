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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom, among some sessions at one moment.
 *
 * @author Migration Guard
 */
final class WaitGraph {

	private static final int FIRST = 10;

	private static final Comparator<Blocker> DIRECT_AND_OLDEST_FIRST = Comparator.comparing(Blocker::direct)
		.reversed()
		.thenComparing(Blocker::transactionAge, Comparator.nullsLast(Comparator.reverseOrder()))
		.thenComparing(Blocker::pid, Comparator.nullsFirst(Comparator.naturalOrder()));

	private static final Comparator<QueuedSessions.Session> LONGEST_FIRST = Comparator
		.comparing(QueuedSessions.Session::waitedFor, Comparator.nullsLast(Comparator.reverseOrder()))
		.thenComparing(QueuedSessions.Session::pid);

	private final Map<Integer, ObservedSession> sessions = new HashMap<>();

	/**
	 * By virtual transaction id, as they have no process id.
	 */
	private final Map<String, ObservedSession> prepared = new HashMap<>();

	/**
	 * By the process id of the session that they wait for.
	 */
	private final Map<Integer, List<ObservedSession>> waiters = new HashMap<>();

	/**
	 * Add a session with one of its locks, or with none.
	 */
	void add(ResultSet row) throws SQLException {
		ObservedSession read = ObservedSession.of(row);
		if (!read.isPrepared() || read.gid() != null) {
			add(row, read);
		}
	}

	private void add(ResultSet row, ObservedSession read) throws SQLException {
		ObservedSession known = (read.isPrepared()
				? this.prepared.putIfAbsent(Objects.toString(read.transaction()), read)
				: this.sessions.putIfAbsent(read.pid(), read));
		if (known == null) {
			read.blockedBy()
				.forEach((pid) -> this.waiters.computeIfAbsent(pid, (added) -> new ArrayList<>()).add(read));
		}
		if (row.getString("locktype") != null) {
			((known != null) ? known : read).locks().add(ObservedLock.of(row));
		}
	}

	SessionSample sample(int pid, Instant sampledAt) {
		ObservedSession session = this.sessions.get(pid);
		if (session == null || !session.alive()) {
			return new SessionSample(sampledAt, false, null, List.of(), QueuedSessions.NONE, null);
		}
		return new SessionSample(sampledAt, true, session.request(), blockers(session), queuedBehind(session),
				session.indexBuild());
	}

	private List<Blocker> blockers(ObservedSession session) {
		LockRequest request = session.request();
		if (request != null) {
			return blockers(request, waitedFor(session, request).toList(), session);
		}
		return session.waitsForStandby() ? List.of(session.toStandbyBlocker()) : List.of();
	}

	/**
	 * Return the sessions that hold a lock that somebody else wants, and those that they
	 * wait for.
	 */
	List<Blocker> holders(LockRequest wanted, @Nullable Collection<Blocker> among) {
		List<ObservedSession> holders = everybody().filter((session) -> session.holds(wanted))
			.filter((session) -> among == null || among.stream().anyMatch(session::isSameTransaction))
			.toList();
		return blockers(wanted, holders.stream().filter((holder) -> !isWorkerOfAny(holder, holders)).toList(), null);
	}

	private Stream<ObservedSession> everybody() {
		return Stream.concat(this.sessions.values().stream(), this.prepared.values().stream());
	}

	private static boolean isWorkerOfAny(ObservedSession session, Collection<ObservedSession> others) {
		return others.stream().anyMatch((other) -> Objects.equals(session.leaderPid(), other.pid()));
	}

	private List<Blocker> blockers(LockRequest wanted, List<ObservedSession> direct, @Nullable ObservedSession asking) {
		Map<ObservedSession, Blocker> blockers = new IdentityHashMap<>();
		direct.forEach((blocker) -> blockers.put(blocker, blocker.toBlocker(wanted, true)));
		Queue<ObservedSession> unseen = new ArrayDeque<>(direct);
		while (!unseen.isEmpty()) {
			ObservedSession waiter = unseen.remove();
			LockRequest request = waiter.request();
			if (request != null) {
				waitedFor(waiter, request).filter((blocker) -> blocker != asking && !blockers.containsKey(blocker))
					.forEach((blocker) -> {
						blockers.put(blocker, blocker.toBlocker(request, false));
						unseen.add(blocker);
					});
			}
		}
		return blockers.values().stream().sorted(DIRECT_AND_OLDEST_FIRST).toList();
	}

	/**
	 * Sessions that hold nothing any more have ended their transaction meanwhile.
	 */
	private Stream<ObservedSession> waitedFor(ObservedSession waiter, LockRequest request) {
		Stream<ObservedSession> sessions = waiter.blockedBy()
			.stream()
			.map(this.sessions::get)
			.filter((session) -> session != null && session.transaction() != null);
		Stream<ObservedSession> prepared = waiter.blockedBy().contains(ObservedSession.PREPARED)
				? this.prepared.values().stream().filter((transaction) -> transaction.holds(request)) : Stream.empty();
		return Stream.concat(sessions, prepared);
	}

	private QueuedSessions queuedBehind(ObservedSession session) {
		List<QueuedSessions.Session> queued = waitersOf(session).stream()
			.flatMap((waiter) -> waiter.toQueued().stream())
			.sorted(LONGEST_FIRST)
			.toList();
		return queued.isEmpty() ? QueuedSessions.NONE
				: new QueuedSessions(queued.size(), queued.get(0).waitedFor(), queued.stream().limit(FIRST).toList());
	}

	private Collection<ObservedSession> waitersOf(ObservedSession session) {
		Map<Integer, ObservedSession> found = new HashMap<>();
		Queue<Integer> unseen = new ArrayDeque<>(List.of(session.pid()));
		while (!unseen.isEmpty()) {
			for (ObservedSession waiter : this.waiters.getOrDefault(unseen.remove(), List.of())) {
				if (waiter != session && found.putIfAbsent(waiter.pid(), waiter) == null) {
					unseen.add(waiter.pid());
				}
			}
		}
		return found.values();
	}

}
