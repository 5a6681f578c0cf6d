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

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a {@link Migrator} if somebody who is not guarded took the tool's own lock
 * right before the run.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class ToolLockTakenException extends RuntimeException {

	private final transient @Nullable MigrationTarget target;

	/**
	 * Create the exception.
	 * @param message what was found
	 */
	public ToolLockTakenException(String message) {
		this(message, null);
	}

	/**
	 * Create the exception.
	 * @param message what was found
	 * @param target what the lock is for, or {@code null} if that is what was looked at
	 */
	public ToolLockTakenException(String message, @Nullable MigrationTarget target) {
		super(message);
		this.target = target;
	}

	/**
	 * Return what the lock is for.
	 * @return the target, or {@code null} if it is what was looked at
	 */
	public @Nullable MigrationTarget getTarget() {
		return this.target;
	}

}
