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

package io.github.migrationguard.fault;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;

/**
 * What a migration does to its own session.
 *
 * @author Migration Guard
 */
enum OwnStatement {

	RESET_ALL("`RESET ALL`", "reset all", true),

	DISCARD_ALL("`DISCARD ALL`", "discard all", false),

	UNLOCK_ALL("`pg_advisory_unlock_all()`", "select pg_advisory_unlock_all()", true),

	UNLOCK_ALL_WITHOUT_TRANSACTION("`pg_advisory_unlock_all()`", "select pg_advisory_unlock_all()", false),

	SET_ROLE("`SET ROLE`", "set role other", true),

	SET_SEARCH_PATH("`SET search_path`", "set search_path to elsewhere", true),

	COMMIT("`COMMIT`", "commit", true);

	private static final String FIRST = """
			create table first (id int);
			create schema elsewhere;
			grant all on schema elsewhere to other;
			grant all on schema public to other;
			grant all on all tables in schema public to other""";

	private final String label;

	private final String sql;

	private final boolean transactional;

	OwnStatement(String label, String sql, boolean transactional) {
		this.label = label;
		this.sql = sql;
		this.transactional = transactional;
	}

	/**
	 * Return the row of the documentation that says that it is applied with each tool.
	 */
	String documented() {
		return "| %s | %s | applied | applied |".formatted(this.label, this.transactional ? "yes" : "no");
	}

	Migrations migrations(MigrationTool tool) {
		String unit = """
				create table odd (id int);
				%s;
				select ledger.pass('held');
				create table public.after_it (id int)""".formatted(this.sql);
		String last = "create table public.last (id int)";
		if (tool == MigrationTool.LIQUIBASE) {
			return Changelog.empty()
				.changeSet("first", FIRST)
				.changeSet("odd", this.transactional ? "" : "runInTransaction:false", unit)
				.changeSet("last", last);
		}
		FlywayScripts scripts = FlywayScripts.empty().versioned("first", FIRST);
		scripts = this.transactional ? scripts.versioned("odd", unit) : scripts.nonTransactional("odd", unit);
		return scripts.versioned("last", last);
	}

}
