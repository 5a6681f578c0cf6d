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

	RESET_ALL("reset all", true),

	DISCARD_ALL("discard all", false),

	UNLOCK_ALL("select pg_advisory_unlock_all()", true),

	UNLOCK_ALL_WITHOUT_TRANSACTION("select pg_advisory_unlock_all()", false),

	SET_ROLE("set role other", true),

	SET_SEARCH_PATH("set search_path to elsewhere", true),

	COMMIT("commit", true);

	private static final String FIRST = """
			create table first (id int);
			create schema elsewhere;
			grant all on schema elsewhere to other;
			grant all on schema public to other""";

	private final String sql;

	private final boolean transactional;

	OwnStatement(String sql, boolean transactional) {
		this.sql = sql;
		this.transactional = transactional;
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
