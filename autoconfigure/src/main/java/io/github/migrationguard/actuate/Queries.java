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

package io.github.migrationguard.actuate;

import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.SqlMask;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;

/**
 * Whose statements a caller may see. Literals are masked in all of them.
 *
 * @author Migration Guard
 */
enum Queries {

	/**
	 * Nobody's.
	 */
	NONE,

	/**
	 * Those of the migrations.
	 */
	GUARDED,

	/**
	 * Those of every session that takes part.
	 */
	ALL;

	@Nullable String of(LockParticipant participant) {
		return isShown(participant.instance() != null) ? participant.query() : null;
	}

	@Nullable String of(Blocker blocker) {
		return isShown(blocker.kind() == BlockerKind.MIGRATION) ? SqlMask.maskLiterals(blocker.query()) : null;
	}

	private boolean isShown(boolean guarded) {
		return this == ALL || (this == GUARDED && guarded);
	}

}
