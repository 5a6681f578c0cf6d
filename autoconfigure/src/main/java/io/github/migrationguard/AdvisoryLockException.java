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
 * Thrown if the advisory locks of the database do not do what those of PostgreSQL do.
 * Nothing has been changed.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class AdvisoryLockException extends MigrationException {

	private final String product;

	private final String defect;

	AdvisoryLockException(String migrator, String product, String defect, @Nullable Throwable cause) {
		super(migrator, "The migration '%s' cannot be guarded by an advisory lock of %s: %s".formatted(migrator,
				product, defect), cause);
		this.product = product;
		this.defect = defect;
	}

	/**
	 * Return what the database says it is.
	 * @return the product and its version
	 */
	public String getProduct() {
		return this.product;
	}

	/**
	 * Return what is wrong with its advisory locks.
	 * @return the defect
	 */
	public String getDefect() {
		return this.defect;
	}

	@Override
	public String getDescription() {
		return """
				The migration '%s' cannot be guarded: the database says that it is %s, but its session-level advisory locks \
				do not do what those of PostgreSQL do:%n%n    %s%n%n\
				Two instances would migrate at once. Nothing has been changed."""
			.formatted(getMigrator(), this.product, this.defect);
	}

	@Override
	public String getAction() {
		return """
				If it is a database that only speaks PostgreSQL's protocol, use a version of it that has advisory locks, \
				or let the tool run unguarded with 'migration-guard.enabled=false'. If it is PostgreSQL, connect the \
				migration to one server, and to that directly.""";
	}

}
