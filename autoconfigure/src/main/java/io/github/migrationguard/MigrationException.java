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

import org.springframework.boot.ExitCodeGenerator;

/**
 * Base of all exceptions that end a guarded run. The exit code of an application that
 * fails with one of them is 1.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public abstract class MigrationException extends RuntimeException implements ExitCodeGenerator {

	private final String migrator;

	MigrationException(String migrator, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.migrator = migrator;
	}

	/**
	 * Return the name of the bean whose migration ended.
	 * @return the name
	 */
	public String getMigrator() {
		return this.migrator;
	}

	/**
	 * Return what happened, as the report of a start that fails tells it.
	 * @return the description, in sentences
	 */
	public abstract String getDescription();

	/**
	 * Return what is to be done.
	 * @return the action, in sentences
	 */
	public abstract String getAction();

	@Override
	public int getExitCode() {
		return 1;
	}

}
