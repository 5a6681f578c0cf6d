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

import java.time.Instant;
import java.util.List;

import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in a migration's lock and what the holder meets, as the database showed
 * it at one moment.
 *
 * @param participants the participants, or {@code null} if the database could not be
 * asked
 * @param holder what the session of the holder does, who is in its way and in whose way
 * it is, or {@code null} if nobody holds the lock or if it was not asked for
 * @param invalidIndexes the invalid indexes of the database, or {@code null} if they were
 * not asked for
 * @param unavailable why the database could not be asked, or {@code null}
 * @param sampledAt when it was asked
 * @author Migration Guard
 * @since 0.1.0
 */
public record ClusterSample(@Nullable LockParticipants participants, @Nullable SessionSample holder,
		@Nullable List<InvalidIndex> invalidIndexes, @Nullable String unavailable, Instant sampledAt) {

	/**
	 * Describe the participants alone.
	 * @param participants the participants
	 * @param sampledAt when the database was asked
	 * @return the sample
	 */
	static ClusterSample of(LockParticipants participants, Instant sampledAt) {
		return new ClusterSample(participants, null, null, null, sampledAt);
	}

	/**
	 * Add what an earlier sample tells about the holder, if it is still the same one.
	 * @param earlier the earlier sample
	 * @return this sample with the holder and the age of the other one, or this one
	 */
	public ClusterSample withHolderOf(ClusterSample earlier) {
		return (earlier.holder() != null && pidOfHolder() == earlier.pidOfHolder()) ? new ClusterSample(
				this.participants, earlier.holder(), earlier.invalidIndexes(), null, earlier.sampledAt()) : this;
	}

	private int pidOfHolder() {
		return (this.participants != null && this.participants.holder() != null) ? this.participants.holder().pid() : 0;
	}

	/**
	 * Describe a database that could not be asked.
	 * @param reason why
	 * @param sampledAt when it was tried
	 * @return the sample
	 */
	public static ClusterSample unavailable(String reason, Instant sampledAt) {
		return new ClusterSample(null, null, null, reason, sampledAt);
	}

}
