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

package io.github.migrationguard.chaos;

/**
 * What a unit does. Its number makes the names of what it creates unique.
 *
 * @author Migration Guard
 */
enum UnitKind {

	/**
	 * Creates tables.
	 */
	TABLES(true, "create table t%1$d_a (id int);\ncreate table t%1$d_b (id int)"),

	/**
	 * Takes its time in a transaction.
	 */
	SLOW(true, "create table t%1$d_a (id int);\nselect pg_sleep(0.4)"),

	/**
	 * Changes a table that others use.
	 */
	ALTER(true, "alter table orders add column t%1$d_a int"),

	/**
	 * Writes rows.
	 */
	ROWS(true, "insert into orders select generate_series(1, 2000);\ncreate table t%1$d_a (id int)"),

	/**
	 * Builds an index without a transaction.
	 */
	INDEX(false, "create index concurrently t%1$d_a on orders (id)"),

	/**
	 * Undoes the settings of the session.
	 */
	RESET(true, "reset all;\ncreate table t%1$d_a (id int)"),

	/**
	 * Drops the locks of the session, and goes on.
	 */
	UNLOCK(true, "select pg_advisory_unlock_all();\nselect pg_sleep(0.2);\ncreate table t%1$d_a (id int)");

	private final boolean transactional;

	private final String sql;

	UnitKind(boolean transactional, String sql) {
		this.transactional = transactional;
		this.sql = sql;
	}

	boolean isTransactional() {
		return this.transactional;
	}

	String sql(int number) {
		return this.sql.formatted(number);
	}

}
