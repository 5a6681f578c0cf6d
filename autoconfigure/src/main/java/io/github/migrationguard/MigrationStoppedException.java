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

/**
 * Thrown if the application was stopped before it could start up. Nothing that comes
 * after the migrations is started, even if they had just completed.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public class MigrationStoppedException extends MigrationException {

	MigrationStoppedException(String migrator, String message) {
		super(migrator, message, null);
	}

	@Override
	public String getDescription() {
		return getMessage() + ". What was not recorded was rolled back, and no lock is left.";
	}

	@Override
	public String getAction() {
		return "Nothing is to be done: the next start goes on where this one stopped.";
	}

}
