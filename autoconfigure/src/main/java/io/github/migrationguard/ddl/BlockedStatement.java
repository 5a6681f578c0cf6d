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

package io.github.migrationguard.ddl;

import java.sql.SQLException;

/**
 * Why a statement of a migration did not get a lock.
 *
 * @param reason the reason
 * @param failure what the database said
 * @param repeatable whether the unit can be tried again: it is transactional, or nothing
 * of it was executed before
 * @param intended whether the unit had set a lock timeout of its own, so that it may deal
 * with the failure itself
 * @author Migration Guard
 * @since 0.1.0
 */
public record BlockedStatement(Reason reason, SQLException failure, boolean repeatable, boolean intended) {

	/**
	 * Return what is to be known where the statement alone is repeated: it is undone,
	 * whatever the unit has done before.
	 * @return a block that can be repeated
	 */
	public BlockedStatement alone() {
		return new BlockedStatement(this.reason, this.failure, true, this.intended);
	}

	/**
	 * The reason.
	 */
	public enum Reason {

		/**
		 * It waited for longer than {@code lock_timeout}.
		 */
		LOCK_TIMEOUT,

		/**
		 * This library cancelled it, because others were queued behind it.
		 */
		STALL,

		/**
		 * The server chose it as the victim of a deadlock.
		 */
		DEADLOCK

	}

}
