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

import java.util.List;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The migrations of the replicas that are hit: the same statements with each tool.
 *
 * @author Migration Guard
 */
final class FaultMigrations {

	/**
	 * Needs a temporary file, which is refused if there is no space.
	 */
	private static final String SPILL = """
			select set_config('work_mem', '64kB', true);
			create table last as select md5(n::text) as code from generate_series(1, 5000) n order by 1""";

	private FaultMigrations() {
	}

	static Migrations of(MigrationTool tool) {
		return (tool == MigrationTool.LIQUIBASE) ? liquibase() : flyway();
	}

	private static Changelog liquibase() {
		return Changelog.empty()
			.changeSet("first", "create table first (id int)")
			.gate("held")
			.changeSet("altered", "alter table first add column amount int")
			.changeSet("index", "runInTransaction:false", "create index concurrently first_id on first (id)")
			.changeSet("last", SPILL);
	}

	private static FlywayScripts flyway() {
		return FlywayScripts.empty()
			.versioned("first", "create table first (id int)")
			.gate("held")
			.versioned("altered", "alter table first add column amount int")
			.nonTransactional("index", "create index concurrently first_id on first (id)")
			.versioned("last", SPILL);
	}

	/**
	 * Assert that everything that is recorded is there.
	 */
	static void assertApplied(TestDatabase database) {
		List<String> found = database.superuser().sql("""
				select tablename from pg_tables where schemaname = 'public' and tablename in ('first', 'held', 'last')
				union all select attname from pg_attribute where attrelid = to_regclass('first') and attname = 'amount'
				union all select indexrelid::regclass::text from pg_index
				  where indrelid = to_regclass('first') and indisvalid
				union all select 'INVALID ' || indexrelid::regclass from pg_index where not indisvalid
				""").query(String.class).list();
		assertThat(found).containsExactlyInAnyOrder("first", "held", "last", "amount", "first_id");
	}

}
