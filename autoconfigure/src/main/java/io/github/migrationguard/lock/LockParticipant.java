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

package io.github.migrationguard.lock;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A session that holds the migration lock or waits for it, as the database shows it.
 *
 * @param pid the process id of the session's backend
 * @param instance the instance that the session belongs to, or {@code null} if the
 * session is not one of this library
 * @param user the role that the session logged in with, or {@code null} if unknown
 * @param clientAddress the address of the client, or {@code null} if hidden or local
 * @param since since when the session holds the lock or waits, or {@code null} if unknown
 * @param activity what the session does at this moment
 * @param query the statement that the holder executes or executed last, with its literals
 * masked, or {@code null} if hidden or if the session does not hold the lock
 * @param hiddenFrom the role, quoted if need be, from which the database hides the
 * details of this session, or {@code null} if nothing is hidden
 * @param blockedBy who is in the way of a holder that waits to try again, or {@code null}
 * if it does not wait for that
 * @param guarded whether the session says that it is one of this library, by its name or
 * by its presence
 * @author Migration Guard
 * @since 0.1.0
 */
public record LockParticipant(int pid, @Nullable String instance, @Nullable String user, @Nullable String clientAddress,
		@Nullable Instant since, Activity activity, @Nullable String query, @Nullable String hiddenFrom,
		@Nullable BlockedBy blockedBy, boolean guarded) {

	/**
	 * Return a short description for logs and messages, without any SQL.
	 * @return the description
	 */
	public String describe() {
		StringBuilder description = new StringBuilder();
		description.append((this.instance != null) ? "'" + this.instance + "'" : "a session that is not a guarded one");
		description.append(" (pid ").append(this.pid);
		if (this.user != null) {
			description.append(", user ").append(PrintableText.of(this.user));
		}
		if (this.clientAddress != null) {
			description.append(", client ").append(this.clientAddress);
		}
		if (this.since != null) {
			description.append(", since ").append(this.since);
		}
		return description.append(", ").append(this.activity).append(')').toString();
	}

}
