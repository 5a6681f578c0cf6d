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

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if something is to be migrated through a connection pooler that pools
 * transactions (or statements) instead of sessions. The lock would be left behind in a
 * session that others use next. Nothing has been changed.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class TransactionPoolingException extends MigrationException {

	private final String tool;

	private final @Nullable String url;

	private final String proof;

	TransactionPoolingException(String migrator, String tool, @Nullable String url, String proof,
			@Nullable Throwable cause) {
		super(migrator, "The migration '%s' is connected through a connection pooler that does not pool sessions: %s"
			.formatted(migrator, proof), cause);
		this.tool = tool;
		this.url = url;
		this.proof = proof;
	}

	/**
	 * Return the name of the tool.
	 * @return the tool
	 */
	public String getTool() {
		return this.tool;
	}

	/**
	 * Return the JDBC URL.
	 * @return the URL without user, password and parameters, or {@code null} if unknown
	 */
	public @Nullable String getUrl() {
		return this.url;
	}

	/**
	 * Return what shows that the pooler does not pool sessions.
	 * @return the proof
	 */
	public String getProof() {
		return this.proof;
	}

	static boolean isSupavisor(@Nullable String url) {
		return url != null && url.contains(":6543") && url.toLowerCase(Locale.ROOT).matches(".*(pooler|supa).*");
	}

	@Override
	public String getDescription() {
		return """
				The migration '%s' is connected%s through a connection pooler that does not pool sessions but \
				transactions, or statements:%n%n    %s%n%n\
				There, an advisory lock is left behind in a session that others use next: two instances would migrate at \
				once. Nothing has been changed."""
			.formatted(getMigrator(), (this.url != null) ? " to " + this.url : "", this.proof);
	}

	@Override
	public String getAction() {
		return """
				Connect the migration to the server directly, or to a pooler in session mode, with 'spring.%1$s.url', \
				'spring.%1$s.user' and 'spring.%1$s.password'. The application itself may go on to use the pooler as it \
				is.%2$s"""
			.formatted(this.tool, isSupavisor(this.url)
					? " With Supavisor, session mode is on port 5432 of the same host instead of 6543." : "");
	}

}
