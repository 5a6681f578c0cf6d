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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.watch.BackingOff;
import io.github.migrationguard.watch.SessionSample;
import io.github.migrationguard.watch.SessionSampler;

/**
 * Reads what the sessions that hold migration locks meet, also those that wait to try
 * again.
 *
 * @author Migration Guard
 */
final class HolderSamples {

	private HolderSamples() {
	}

	/**
	 * Read what holders meet.
	 * @param connection a connection to their database
	 * @param participants who takes part in the locks
	 * @param timeoutSeconds after how many seconds each query is given up
	 * @return the samples by process id
	 * @throws SQLException if the database cannot be asked
	 */
	static Map<Integer, SessionSample> read(Connection connection, Collection<LockParticipants> participants,
			int timeoutSeconds) throws SQLException {
		List<LockParticipant> holders = participants.stream()
			.map(LockParticipants::holder)
			.filter(Objects::nonNull)
			.toList();
		if (holders.isEmpty()) {
			return Map.of();
		}
		Map<Integer, SessionSample> samples = new HashMap<>(SessionSampler.sampleAll(connection,
				holders.stream().map(LockParticipant::pid).toList(), timeoutSeconds));
		for (LockParticipant holder : holders) {
			SessionSample sample = (holder.blockedBy() != null)
					? BackingOff.sample(connection, holder.blockedBy(), timeoutSeconds) : null;
			if (sample != null) {
				samples.put(holder.pid(), sample);
			}
		}
		return samples;
	}

}
