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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Sessions that wait, directly or not, for the session that migrates.
 *
 * @param count how many
 * @param longestWait how long the first of them has been waiting, or {@code null} if
 * nobody waits or if unknown
 * @param first the ones that have been waiting for longest, ten at most
 * @author Migration Guard
 * @since 0.1.0
 */
public record QueuedSessions(int count, @Nullable Duration longestWait, List<Session> first) {

	/**
	 * Nobody.
	 */
	public static final QueuedSessions NONE = new QueuedSessions(0, null, List.of());

	/**
	 * One of the sessions.
	 *
	 * @param pid the process id
	 * @param user the name of the role that logged in, or {@code null} if unknown
	 * @param applicationName the application name, or {@code null} if there is none
	 * @param waitingFor what it waits for, for example {@code AccessShareLock on orders}
	 * @param waitedFor how long, or {@code null} if unknown
	 */
	public record Session(int pid, @Nullable String user, @Nullable String applicationName, String waitingFor,
			@Nullable Duration waitedFor) {
	}

}
