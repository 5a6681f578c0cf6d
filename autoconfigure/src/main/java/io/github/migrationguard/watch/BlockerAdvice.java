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

import org.jspecify.annotations.Nullable;

/**
 * What to do about a blocker, for somebody who has never seen it before and is in a
 * hurry.
 *
 * @param text what it is and what to do, in plain words
 * @param remedy the statement that removes it, or {@code null} if it is better left alone
 * @author Migration Guard
 */
record BlockerAdvice(String text, @Nullable String remedy) {

	private static final String CONCURRENTLY = """
			A statement with CONCURRENTLY waits until every transaction that began before it is over, also those that \
			have nothing to do with the table. Nobody waits for it meanwhile.\s""";

	private static final String WAITS_ITSELF = "It waits for a lock itself: look at the one it waits for first. ";

	private static final String IDLE_IN_TRANSACTION = """
			A client has left its transaction open and executes nothing. Commit or roll back there, or end the session: \
			its transaction is rolled back. Cancelling does nothing to it. idle_in_transaction_session_timeout keeps it \
			from happening again.""";

	private static final String LONG_TRANSACTION = """
			A transaction is at work. Let it finish, or cancel its statement; if that does not end the transaction, end \
			the session with pg_terminate_backend. What it has done is rolled back.""";

	private static final String BACKUP = """
			A backup keeps its locks until all of it is done. Let it finish: ending it makes it worthless. Migrations \
			and backups are better run at different times.""";

	private static final String AUTOVACUUM = """
			Nothing is to be done: the server cancels an automatic vacuum as soon as somebody has waited for it for \
			deadlock_timeout, and starts it again later.""";

	private static final String ANTI_WRAPAROUND_VACUUM = """
			This automatic vacuum prevents the wraparound of transaction ids, so the server does not cancel it for \
			anybody. Let it finish: pg_stat_progress_vacuum shows how far it is. If it is cancelled, it starts again \
			within autovacuum_naptime.""";

	private static final String PREPARED_TRANSACTION = """
			A transaction was prepared for a two-phase commit and never ended. No session has it, and it outlives a \
			restart of the server. Ask the transaction manager whether it was to be committed (commit prepared %1$s) or \
			rolled back (rollback prepared %1$s). Its owner or a superuser can do that, in this database.""";

	private static final String INDEX_BUILD = """
			Another session builds an index. Let it finish if you can. If it is cancelled and was started with \
			CONCURRENTLY, it leaves an INVALID index behind, which has to be dropped.""";

	private static final String MIGRATION = """
			The migration of another application is at work. Let it finish: its own status tells what it does.""";

	private static final String SYNCHRONOUS_STANDBY = """
			The commit waits for a synchronous standby (synchronous_standby_names is '%s'), as does every other commit \
			on this server. Bring the standby back: pg_stat_replication shows the ones that are connected. The remedy, \
			two statements that a superuser executes one by one, lets commits go on without one; what is committed then \
			is lost if this server is.""";

	private static final String NO_TRANSACTION = """
			The session executes nothing and has no transaction open, but holds a lock that is not bound to a \
			transaction. It is released when the client does that, or when the session ends.""";

	private static final String HIDDEN = """
			PostgreSQL hides from the role %1$s what this session does. To see it, a superuser executes: grant \
			pg_read_all_stats to %1$s. Ask its user before you end it.""";

	private static final String NO_STANDBY = "alter system set synchronous_standby_names = ''; select pg_reload_conf()";

	static BlockerAdvice of(BlockerKind kind, ObservedSession session, LockRequest wanted) {
		BlockerAdvice advice = of(kind, session);
		String concurrently = wanted.target().type().equals("virtualxid") ? CONCURRENTLY : "";
		String waitsItself = (session.request() != null) ? WAITS_ITSELF : "";
		return new BlockerAdvice(concurrently + waitsItself + advice.text, advice.remedy);
	}

	static BlockerAdvice of(BlockerKind kind, ObservedSession session) {
		return new BlockerAdvice(text(kind, session), remedy(kind, session));
	}

	private static String text(BlockerKind kind, ObservedSession session) {
		return switch (kind) {
			case IDLE_IN_TRANSACTION -> IDLE_IN_TRANSACTION;
			case LONG_TRANSACTION -> session.waitsForStandby() ? synchronousStandby(session) : LONG_TRANSACTION;
			case BACKUP -> BACKUP;
			case AUTOVACUUM -> AUTOVACUUM;
			case ANTI_WRAPAROUND_VACUUM -> ANTI_WRAPAROUND_VACUUM;
			case PREPARED_TRANSACTION -> PREPARED_TRANSACTION.formatted(session.gid());
			case INDEX_BUILD -> INDEX_BUILD;
			case MIGRATION -> MIGRATION;
			case SYNC_REPLICATION -> synchronousStandby(session);
			case UNKNOWN -> session.visible() ? NO_TRANSACTION : HIDDEN.formatted(session.reader());
		};
	}

	private static String synchronousStandby(ObservedSession session) {
		return SYNCHRONOUS_STANDBY.formatted(session.standbyNames());
	}

	private static @Nullable String remedy(BlockerKind kind, ObservedSession session) {
		return switch (kind) {
			case IDLE_IN_TRANSACTION, UNKNOWN -> "select pg_terminate_backend(" + session.pid() + ")";
			case LONG_TRANSACTION ->
				session.waitsForStandby() ? NO_STANDBY : "select pg_cancel_backend(" + session.pid() + ")";
			case SYNC_REPLICATION -> NO_STANDBY;
			case INDEX_BUILD -> "select pg_cancel_backend(" + session.pid() + ")";
			case PREPARED_TRANSACTION -> "rollback prepared " + session.gid();
			default -> null;
		};
	}

}
