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

package io.github.migrationguard.testsupport;

/**
 * A tool, for tests that prove the same with each.
 *
 * @author Migration Guard
 */
public enum MigrationTool {

	/**
	 * Liquibase.
	 */
	LIQUIBASE {

		@Override
		public Migrations unit(String name, String... statements) {
			return Changelog.empty().changeSet(name, String.join(";\n", statements));
		}

	},

	/**
	 * Flyway.
	 */
	FLYWAY {

		@Override
		public Migrations unit(String name, String... statements) {
			return FlywayScripts.empty().versioned(name, String.join(";\n", statements));
		}

	};

	/**
	 * Return migrations of one transactional unit.
	 * @param name its name
	 * @param statements its statements
	 * @return the migrations
	 */
	public abstract Migrations unit(String name, String... statements);

}
