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

import java.sql.Connection;

import javax.sql.DataSource;

/**
 * What is known of a run that nobody guards: who makes it, and with which tool. It is
 * shown, and never run.
 *
 * @param name the name of the bean that runs the tool
 * @param tool the tool
 * @author Migration Guard
 */
record UnguardedMigrator(String name, String tool) implements Migrator {

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getTool() {
		return this.tool;
	}

	@Override
	public DataSource getDataSource() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isSwitchedOff() {
		return false;
	}

	@Override
	public void runUnguarded() {
		throw new UnsupportedOperationException();
	}

	@Override
	public MigrationLook look(Connection connection) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void migrate(GuardedRun run) {
		throw new UnsupportedOperationException();
	}

}
