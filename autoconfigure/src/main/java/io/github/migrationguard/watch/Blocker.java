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

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A session or transaction that is in the way of a migration, at the moment of a sample.
 *
 * @param pid the process id, or {@code null} for a prepared transaction and for
 * {@link BlockerKind#SYNC_REPLICATION}
 * @param transaction the virtual transaction id as of {@code pg_locks}, which together
 * with the process id tells this transaction from the next one of the same session, or
 * {@code null} if there is none
 * @param kind what kind of blocker it is
 * @param direct whether the migration waits for it, and not only for somebody who waits
 * for it
 * @param root whether it waits for nobody
 * @param user the name of the role that logged in, or {@code null} if unknown
 * @param superuser whether that role is a superuser
 * @param applicationName the application name, or {@code null} if there is none
 * @param clientAddress the address of the client, or {@code null} if unknown
 * @param state the state of the session, or {@code null} if hidden
 * @param transactionAge how long its transaction has been open, or {@code null} if hidden
 * @param holds what it holds that is wanted, for example
 * {@code AccessShareLock on orders}, or {@code null} if unknown
 * @param waitingFor what the one that waits for it wants, for example
 * {@code AccessExclusiveLock on orders}, or {@code null} if unknown
 * @param query the statement that it executes or has executed last, unmasked, or
 * {@code null} if hidden
 * @param advice what to do about it, in plain words
 * @param remedy the statement that removes it, or {@code null} if nothing is to be
 * removed
 * @param hiddenFrom the quoted name of the role from which the server hides what this
 * session does, or {@code null} if nothing is hidden
 * @author Migration Guard
 * @since 0.1.0
 */
public record Blocker(@Nullable Integer pid, @Nullable String transaction, BlockerKind kind, boolean direct,
		boolean root, @Nullable String user, boolean superuser, @Nullable String applicationName,
		@Nullable String clientAddress, @Nullable String state, @Nullable Duration transactionAge,
		@Nullable String holds, @Nullable String waitingFor, @Nullable String query, String advice,
		@Nullable String remedy, @Nullable String hiddenFrom) {

	/**
	 * Return a short description for logs and messages, without any SQL.
	 * @return the description
	 */
	public String describe() {
		StringBuilder description = new StringBuilder();
		description.append((this.pid != null) ? "pid " + this.pid : "no session");
		description.append(" (").append(this.kind);
		append(description, "application", this.applicationName);
		append(description, "user", this.user);
		append(description, "client", this.clientAddress);
		if (this.transactionAge != null) {
			append(description, "transaction open for", Durations.format(this.transactionAge));
		}
		return description.append(')').toString();
	}

	/**
	 * Names are chosen by strangers.
	 */
	private static void append(StringBuilder description, String name, @Nullable String value) {
		if (value != null && !value.isEmpty()) {
			description.append(", ").append(name).append(' ').append(value.replaceAll("[^ -~]", "_"));
		}
	}

	/**
	 * Return whether the other one is the same transaction of the same session.
	 * @param other the other one
	 * @return whether they are the same
	 */
	public boolean isSameTransaction(Blocker other) {
		return Objects.equals(this.pid, other.pid) && Objects.equals(this.transaction, other.transaction);
	}

}
