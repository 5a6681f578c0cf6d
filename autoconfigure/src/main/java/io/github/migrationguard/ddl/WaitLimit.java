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

/**
 * How long a statement may wait for a lock.
 *
 * @author Migration Guard
 */
enum WaitLimit {

	/**
	 * As long as it takes.
	 */
	NONE(false, false),

	/**
	 * As long as no other sessions queue behind it for too long.
	 */
	QUEUE(true, false),

	/**
	 * As with {@link #QUEUE}, and no longer than the lock timeout: then it is cancelled,
	 * which no code in the server catches.
	 */
	CANCEL(true, true),

	/**
	 * As with {@link #QUEUE}, and no longer than the {@code lock_timeout} that the server
	 * is given for it.
	 */
	LOCK_TIMEOUT(true, false);

	private final boolean cancellable;

	private final boolean unlimited;

	WaitLimit(boolean cancellable, boolean unlimited) {
		this.cancellable = cancellable;
		this.unlimited = unlimited;
	}

	/**
	 * Return whether it may be cancelled because it waits for a lock.
	 */
	boolean isCancellable() {
		return this.cancellable;
	}

	/**
	 * Return whether it has to be cancelled after the lock timeout, because the server
	 * does not do so.
	 */
	boolean isUnlimitedInServer() {
		return this.unlimited;
	}

}
