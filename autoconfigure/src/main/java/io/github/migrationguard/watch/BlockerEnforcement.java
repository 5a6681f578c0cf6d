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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link BlockerPolicy} to what is in the way of a migration: after some
 * patience, and to the kinds that were listed only.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class BlockerEnforcement {

	private static final Log logger = LogFactory.getLog(BlockerEnforcement.class);

	private static final int TIMEOUT_SECONDS = 5;

	/**
	 * A statement that does not react to a cancel is cancelled again after this time.
	 */
	private static final Duration AGAIN = Duration.ofSeconds(2);

	private final BlockerPolicy policy;

	private final Duration patience;

	private final Set<BlockerKind> kinds;

	private final boolean includeSuperusers;

	/**
	 * Since when each transaction has been in the way, as of {@link System#nanoTime()}.
	 */
	private final Map<Transaction, Long> since = new HashMap<>();

	private final Map<Transaction, Long> treated = new HashMap<>();

	private final Set<Transaction> leftAlone = new HashSet<>();

	/**
	 * Create an enforcement.
	 * @param policy what to do
	 * @param patience for how long a transaction may be in the way before
	 * @param kinds what it is done to
	 * @param includeSuperusers whether it is done to sessions of superusers
	 */
	public BlockerEnforcement(BlockerPolicy policy, Duration patience, Set<BlockerKind> kinds,
			boolean includeSuperusers) {
		this.policy = policy;
		this.patience = patience;
		this.kinds = Set.copyOf(kinds);
		this.includeSuperusers = includeSuperusers;
	}

	/**
	 * Treat those who have been in the way for too long. May be called by any thread.
	 * @param connection a connection in autocommit mode
	 * @param blockers who is in the way at this moment
	 */
	public synchronized void apply(Connection connection, Collection<Blocker> blockers) {
		if (this.policy == BlockerPolicy.OBSERVE) {
			return;
		}
		long now = System.nanoTime();
		Set<Transaction> present = blockers.stream().map(Transaction::of).collect(Collectors.toSet());
		this.since.keySet().retainAll(present);
		present.forEach((transaction) -> this.since.putIfAbsent(transaction, now));
		blockers.stream().filter((blocker) -> isDue(blocker, now)).forEach((blocker) -> treat(connection, blocker));
	}

	private boolean isDue(Blocker blocker, long now) {
		Transaction transaction = Transaction.of(blocker);
		Long treatedAt = this.treated.get(transaction);
		return this.kinds.contains(blocker.kind()) && blocker.pid() != null
				&& (this.includeSuperusers || !blocker.superuser()) && !this.leftAlone.contains(transaction)
				&& now - this.since.getOrDefault(transaction, now) >= this.patience.toNanos()
				&& (treatedAt == null || now - treatedAt >= AGAIN.toNanos());
	}

	private void treat(Connection connection, Blocker blocker) {
		if (this.policy == BlockerPolicy.CANCEL && blocker.kind() == BlockerKind.IDLE_IN_TRANSACTION) {
			logger.warn(
					"The session %s executes nothing that could be cancelled: migration-guard.blockers.policy=terminate would end it"
						.formatted(blocker.describe()));
			this.leftAlone.add(Transaction.of(blocker));
		}
		else {
			end(connection, blocker);
		}
	}

	private void end(Connection connection, Blocker blocker) {
		Transaction transaction = Transaction.of(blocker);
		try {
			BlockerEnding.Result result = (this.policy == BlockerPolicy.CANCEL)
					? BlockerEnding.cancel(connection, blocker, this.patience, TIMEOUT_SECONDS)
					: BlockerEnding.terminate(connection, blocker, this.patience, TIMEOUT_SECONDS);
			report(blocker, result);
			if (result.outcome() != BlockerEnding.Outcome.GONE) {
				this.treated.put(transaction, System.nanoTime());
			}
			if (result.outcome() == BlockerEnding.Outcome.REFUSED) {
				this.leftAlone.add(transaction);
			}
		}
		catch (SQLException ex) {
			logger.debug("Could not end what is in the way of a migration", ex);
		}
	}

	private void report(Blocker blocker, BlockerEnding.Result result) {
		String what = (this.policy == BlockerPolicy.CANCEL) ? "statement of the session" : "session";
		switch (result.outcome()) {
			case ENDED -> logger.warn(
					"The %s %s was ended, as migration-guard.blockers.policy says".formatted(what, blocker.describe()));
			case REFUSED -> logger.warn("The %s %s was not ended, the server refuses it: %s".formatted(what,
					blocker.describe(), result.reason()));
			case GONE -> logger.debug("The %s %s was gone before it was ended".formatted(what, blocker.describe()));
		}
	}

	private record Transaction(@Nullable Integer pid, @Nullable String id) {

		static Transaction of(Blocker blocker) {
			return new Transaction(blocker.pid(), blocker.transaction());
		}

	}

}
