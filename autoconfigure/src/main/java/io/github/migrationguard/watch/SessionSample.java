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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one session does at one moment, who is in its way and in whose way it is.
 *
 * @param sampledAt when it was sampled, by the clock of this JVM
 * @param alive whether the session exists
 * @param waitingFor the lock that it waits for, or {@code null} if it waits for none
 * @param blockers who is in its way, direct ones first, those with the longest
 * transaction first; empty if nobody is
 * @param queuedBehind who waits for it
 * @param indexBuild how far the index is that it builds, or {@code null} if it builds
 * none
 * @author Migration Guard
 * @since 0.1.0
 */
public record SessionSample(Instant sampledAt, boolean alive, @Nullable LockRequest waitingFor, List<Blocker> blockers,
		QueuedSessions queuedBehind, @Nullable IndexBuild indexBuild) {

	/**
	 * Return the blockers that the session waits for itself.
	 * @return the direct blockers
	 */
	public List<Blocker> directBlockers() {
		return this.blockers.stream().filter(Blocker::direct).toList();
	}

}
