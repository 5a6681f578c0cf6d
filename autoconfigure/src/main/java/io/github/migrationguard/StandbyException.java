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

import org.jspecify.annotations.Nullable;

/**
 * Thrown if something is to be migrated and the server was a standby, which can only be
 * read, all through {@code migration-guard.database.wait-timeout}.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class StandbyException extends MigrationException {

	private final @Nullable String url;

	private final Duration waited;

	StandbyException(String migrator, @Nullable String url, Duration waited) {
		super(migrator, "The migration '%s' is connected to a standby, which can only be read".formatted(migrator),
				null);
		this.url = url;
		this.waited = waited;
	}

	/**
	 * Return the JDBC URL.
	 * @return the URL without user, password and parameters, or {@code null} if unknown
	 */
	public @Nullable String getUrl() {
		return this.url;
	}

	/**
	 * Return how long the promotion of the standby, or the connection to its primary, was
	 * waited for.
	 * @return the configured timeout
	 */
	public Duration getWaited() {
		return this.waited;
	}

	@Override
	public String getDescription() {
		return """
				%s%s. It was not promoted, and no primary took its place, within %s \
				(migration-guard.database.wait-timeout). Nothing has been changed.""".formatted(getMessage(),
				(this.url != null) ? " (" + this.url + ")" : "", this.waited);
	}

	@Override
	public String getAction() {
		return """
				Connect the migration to the primary. A JDBC URL with all servers finds it by itself: \
				jdbc:postgresql://server1,server2/database?targetServerType=primary.""";
	}

}
