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
import java.util.List;

import io.github.migrationguard.lock.LockParticipant;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if an instance with the role {@code wait} waited for the whole
 * {@code migration-guard.lock.wait-timeout} without a sign that anybody applies what is
 * pending.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class PendingTimeoutException extends MigrationException {

	private static final String PROPERTY = "migration-guard.lock.wait-timeout";

	private final List<String> pending;

	private final Duration timeout;

	private final @Nullable LockParticipant holder;

	PendingTimeoutException(String migrator, List<String> pending, Duration timeout, @Nullable LockParticipant holder) {
		super(migrator, "The migration '%s' has %s units pending that nobody applied, without a sign of life for %s: %s"
			.formatted(migrator, pending.size(), timeout, SchemaAheadException.describe(pending)), null);
		this.pending = List.copyOf(pending);
		this.timeout = timeout;
		this.holder = holder;
	}

	/**
	 * Return the units that were waited for.
	 * @return the pending units
	 */
	public List<String> getPending() {
		return this.pending;
	}

	/**
	 * Return who held the lock at the end.
	 * @return the holder, or {@code null} if nobody did
	 */
	public @Nullable LockParticipant getHolder() {
		return this.holder;
	}

	@Override
	public String getDescription() {
		return """
				This instance only waits for the migration '%s' (migration-guard.role=wait), and there was no sign of \
				life for %s (%s). %s

				%s""".formatted(
				getMigrator(), this.timeout, PROPERTY, (this.holder != null)
						? "The lock is held by " + this.holder.describe() + "." : "Nobody holds the lock.",
				describePending());
	}

	private String describePending() {
		if (this.pending.isEmpty()) {
			return "What is pending could not be seen.";
		}
		int more = this.pending.size() - SchemaAheadException.SHOWN_UNITS;
		return "Pending:%n%n%s%s".formatted(SchemaAheadException.list(this.pending),
				(more > 0) ? "%n    and %s more".formatted(more) : "");
	}

	@Override
	public String getAction() {
		return """
				Look at whatever is to migrate this version's database: the job (--migration-guard.job.enabled=true) or \
				an instance with migration-guard.role=migrate. Does it run, with this version and on this database? \
				If it only takes longer, raise '%s'."""
			.formatted(PROPERTY);
	}

}
