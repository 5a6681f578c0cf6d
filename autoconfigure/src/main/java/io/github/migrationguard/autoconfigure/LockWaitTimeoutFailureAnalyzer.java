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

package io.github.migrationguard.autoconfigure;

import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.ToolLock;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.PrintableText;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a wait for a lock that was given up: who holds it and what to do.
 *
 * @author Migration Guard
 */
class LockWaitTimeoutFailureAnalyzer extends AbstractFailureAnalyzer<LockWaitTimeoutException> {

	private static final String PROPERTY = "migration-guard.lock.wait-timeout";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LockWaitTimeoutException cause) {
		ToolLock toolLock = cause.getToolLock();
		return (toolLock != null) ? analyze(cause, toolLock) : analyze(cause, cause.getHolder());
	}

	private FailureAnalysis analyze(LockWaitTimeoutException cause, ToolLock toolLock) {
		String description = """
				The migration '%s' waited for the table %s, which is locked by %s. That is somebody who is not \
				guarded: an instance without Migration Guard, or the command line of the tool. There was no sign of life \
				for %s (%s)."""
			.formatted(cause.getMigrator(), toolLock.table(), toolLock.describe(), cause.getTimeout(), PROPERTY);
		String action = "Find out whether '%s' is still migrating. If it is gone, release its lock and start the application again:%n%n    %s"
			.formatted(PrintableText.of(String.valueOf(toolLock.lockedBy())), toolLock.remedy());
		return new FailureAnalysis(description, action, cause);
	}

	private FailureAnalysis analyze(LockWaitTimeoutException cause, @Nullable LockParticipant holder) {
		String description = """
				The migration '%s' waited for the lock '%s' (advisory lock %s, %s), which is held by %s. There was no sign \
				of life for %s (%s): the history did not grow and the session of the holder neither works nor waits \
				for a lock."""
			.formatted(cause.getMigrator(), cause.getKey().name(), cause.getKey().namespace(), cause.getKey().hash(),
					(holder != null) ? holder.describe() : "a session that cannot be seen", cause.getTimeout(),
					PROPERTY);
		String action = "Look at that instance. If it hangs, stop it%s. If it is healthy, raise '%s'."
			.formatted(
					(holder != null)
							? " or end its session with: select pg_terminate_backend(%s)".formatted(holder.pid()) : "",
					PROPERTY);
		return new FailureAnalysis(description, action, cause);
	}

}
