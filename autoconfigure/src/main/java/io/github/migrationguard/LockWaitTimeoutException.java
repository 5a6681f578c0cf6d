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

import java.time.Duration;

import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.PrintableText;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if the lock was waited for and its holder gave no sign of life for the whole
 * {@code migration-guard.lock.wait-timeout}.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class LockWaitTimeoutException extends MigrationException {

	private static final String PROPERTY = "migration-guard.lock.wait-timeout";

	private final LockKey key;

	private final Duration timeout;

	private final @Nullable LockParticipant holder;

	private final @Nullable ToolLock toolLock;

	LockWaitTimeoutException(String migrator, LockKey key, Duration timeout, @Nullable LockParticipant holder,
			@Nullable ToolLock toolLock) {
		super(migrator, message(migrator, key, timeout, holder, toolLock), null);
		this.key = key;
		this.timeout = timeout;
		this.holder = holder;
		this.toolLock = toolLock;
	}

	private static String message(String migrator, LockKey key, Duration timeout, @Nullable LockParticipant holder,
			@Nullable ToolLock toolLock) {
		if (toolLock != null) {
			return "The migration '%s' waited for %s, which is locked by %s, without a sign of life for %s"
				.formatted(migrator, toolLock.table(), toolLock.describe(), timeout);
		}
		String who = (holder != null) ? holder.describe() : "somebody who cannot be seen";
		return "The migration '%s' waited for the lock '%s', which is held by %s, without a sign of life for %s"
			.formatted(migrator, key.name(), who, timeout);
	}

	/**
	 * Return the key of the lock.
	 * @return the key
	 */
	public LockKey getKey() {
		return this.key;
	}

	/**
	 * Return the holder of the advisory lock.
	 * @return the holder, or {@code null} if it could not be seen
	 */
	public @Nullable LockParticipant getHolder() {
		return this.holder;
	}

	/**
	 * Return the tool's own lock that was waited for.
	 * @return the tool's lock, or {@code null} if the advisory lock was waited for
	 */
	public @Nullable ToolLock getToolLock() {
		return this.toolLock;
	}

	@Override
	public String getDescription() {
		if (this.toolLock != null) {
			return """
					The migration '%s' waited for the table %s, which is locked by %s. That is somebody who is not \
					guarded: an instance without Migration Guard, or the command line of the tool. There was no sign of life \
					for %s (%s)."""
				.formatted(getMigrator(), this.toolLock.table(), this.toolLock.describe(), this.timeout, PROPERTY);
		}
		return """
				The migration '%s' waited for the lock '%s' (advisory lock %s, %s), which is held by %s. There was no sign \
				of life for %s (%s): the history did not grow and the session of the holder neither works nor waits \
				for a lock."""
			.formatted(getMigrator(), this.key.name(), this.key.namespace(), this.key.hash(),
					(this.holder != null) ? this.holder.describe() : "a session that cannot be seen", this.timeout,
					PROPERTY);
	}

	@Override
	public String getAction() {
		if (this.toolLock != null) {
			return "Find out whether '%s' is still migrating. If it is gone, release its lock and start the application again:%n%n    %s"
				.formatted(PrintableText.of(String.valueOf(this.toolLock.lockedBy())), this.toolLock.remedy());
		}
		return "Look at that instance. If it hangs, stop it%s. If it is healthy, raise '%s'.".formatted(
				(this.holder != null)
						? " or end its session with: select pg_terminate_backend(%s)".formatted(this.holder.pid()) : "",
				PROPERTY);
	}

}
