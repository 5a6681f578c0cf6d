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

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The modes of table-level locks, which the other locks of {@code pg_locks} use as well,
 * and which of them conflict.
 *
 * @author Migration Guard
 * @see <a href=
 * "https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY">Conflicting
 * Lock Modes</a>
 */
final class LockMode {

	private static final String ACCESS_SHARE = "AccessShareLock";

	private static final String ROW_SHARE = "RowShareLock";

	private static final String ROW_EXCLUSIVE = "RowExclusiveLock";

	private static final String SHARE_UPDATE_EXCLUSIVE = "ShareUpdateExclusiveLock";

	private static final String SHARE = "ShareLock";

	private static final String SHARE_ROW_EXCLUSIVE = "ShareRowExclusiveLock";

	private static final String EXCLUSIVE = "ExclusiveLock";

	private static final String ACCESS_EXCLUSIVE = "AccessExclusiveLock";

	private static final List<String> ALL = List.of(ACCESS_SHARE, ROW_SHARE, ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE,
			SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE);

	private static final Map<String, List<String>> CONFLICTS = Map.of(ACCESS_SHARE, List.of(ACCESS_EXCLUSIVE),
			ROW_SHARE, List.of(EXCLUSIVE, ACCESS_EXCLUSIVE), ROW_EXCLUSIVE,
			List.of(SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE), SHARE_UPDATE_EXCLUSIVE,
			List.of(SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE), SHARE,
			List.of(ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE),
			SHARE_ROW_EXCLUSIVE,
			List.of(ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE),
			EXCLUSIVE, ALL.subList(1, ALL.size()), ACCESS_EXCLUSIVE, ALL);

	private LockMode() {
	}

	/**
	 * Return the capital letters of a mode, which tell it from the others.
	 */
	static String initials(String mode) {
		return mode.replaceAll("[a-z]", "");
	}

	static @Nullable String ofInitials(String initials) {
		return ALL.stream().filter((mode) -> initials(mode).equals(initials)).findFirst().orElse(null);
	}

	/**
	 * Return the modes that nobody else may hold for a mode to be granted.
	 */
	static List<String> conflictingWith(String mode) {
		return CONFLICTS.getOrDefault(mode, ALL);
	}

}
