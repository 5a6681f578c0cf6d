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

package io.github.migrationguard.blocked;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.TestDatabase;

/**
 * An automatic vacuum of a table that takes very long.
 *
 * @author Migration Guard
 */
final class Autovacuum implements AutoCloseable {

	private static final String FIND = """
			select count(*) from pg_locks l join pg_stat_activity a using (pid)
			where a.backend_type = 'autovacuum worker' and a.datname = current_database()
			and l.relation = to_regclass(?) and l.granted and l.mode = 'ShareUpdateExclusiveLock'""";

	private final TestDatabase database;

	private final String table;

	private Autovacuum(TestDatabase database, String table) {
		this.database = database;
		this.table = table;
	}

	/**
	 * Fill the table and wait until the server vacuums it.
	 * @param database the database
	 * @param table a table with one column, of numbers
	 * @return the vacuum
	 */
	static Autovacuum of(TestDatabase database, String table) {
		Autovacuum autovacuum = new Autovacuum(database, table);
		database.client().sql("insert into %s select generate_series(1, 50000)".formatted(table)).update();
		database.client().sql("""
				alter table %s set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
				autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)""".formatted(table)).update();
		database.client().sql("delete from " + table).update();
		autovacuum.setNaptime("'1s'");
		Awaiting.await("an automatic vacuum").until(autovacuum::isRunning);
		return autovacuum;
	}

	boolean isRunning() {
		return this.database.superuser().sql(FIND).param(this.table).query(Integer.class).single() > 0;
	}

	private void setNaptime(String value) {
		this.database.superuser().sql("alter system set autovacuum_naptime = " + value).update();
		this.database.superuser().sql("select pg_reload_conf()").query(Boolean.class).single();
	}

	@Override
	public void close() {
		setNaptime("default");
	}

}
