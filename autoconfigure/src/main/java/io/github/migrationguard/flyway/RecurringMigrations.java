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

package io.github.migrationguard.flyway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.internal.info.MigrationInfoImpl;

/**
 * Knows the repeatable migrations that never stop to be due, because their checksum is
 * another one each time.
 *
 * @author Migration Guard
 */
final class RecurringMigrations {

	private static final Set<String> VARYING = Set.of("timestamp");

	/**
	 * What differs also between an instance that migrates and one that only waits.
	 */
	private static final Set<String> VARYING_FOR_WAITER = Set.of("timestamp", "user", "workingDirectory");

	private final Map<String, Integer> checksums = new HashMap<>();

	private final Set<String> recurring = new HashSet<>();

	/**
	 * Return whether a pending migration is one of them, which can be said only after it
	 * has been applied once.
	 */
	boolean contains(MigrationInfoImpl pending, MigrationInfo[] all, MigrationFiles files, boolean waiter) {
		if (pending.isVersioned() || !isRecorded(pending, all)) {
			return false;
		}
		return files.containsPlaceholder(pending.getScript(), waiter ? VARYING_FOR_WAITER : VARYING)
				|| differsFromLastLook(pending);
	}

	private static boolean isRecorded(MigrationInfo pending, MigrationInfo[] all) {
		for (MigrationInfo info : all) {
			if (info.getInstalledRank() != null && !info.isVersioned()
					&& pending.getDescription().equals(info.getDescription())) {
				return true;
			}
		}
		return false;
	}

	private boolean differsFromLastLook(MigrationInfo pending) {
		String script = pending.getScript();
		Integer checksum = pending.getChecksum();
		Integer last = this.checksums.put(script, checksum);
		if (last != null && !last.equals(checksum)) {
			this.recurring.add(script);
		}
		return this.recurring.contains(script);
	}

}
