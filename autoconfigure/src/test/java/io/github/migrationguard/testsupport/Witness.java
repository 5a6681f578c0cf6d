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

import io.github.migrationguard.lock.LockKey;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A table that knows on whose session it was created.
 *
 * @author Migration Guard
 */
public final class Witness {

	/**
	 * The statement of a migration that creates it.
	 */
	public static final String SQL = """
			create table witness as select session_user::text as login, current_user::text as role,
			  current_setting('app.tenant', true) as tenant, pg_backend_pid() as pid,
			  array(select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'
			    and classid::bigint = %d) as holders""".formatted(LockKey.NAMESPACE);

	private final TestDatabase database;

	public Witness(TestDatabase database) {
		this.database = database;
	}

	/**
	 * Assert who migrated, and that it was the session that held the lock.
	 * @param login the role that logged in
	 * @param role the role that owns all tables
	 */
	public void assertMigratedBy(String login, String role) {
		assertThat(this.database.superuser()
			.sql("select login, role, holders = array[pid] as holder from witness")
			.query()
			.singleRow()).containsEntry("login", login).containsEntry("role", role).containsEntry("holder", true);
		assertThat(this.database.superuser()
			.sql("select distinct tableowner from pg_tables where schemaname = 'public'")
			.query(String.class)
			.list()).containsExactly(role);
	}

	/**
	 * Return the tenant that the session was configured with.
	 * @return the tenant
	 */
	public String tenant() {
		return this.database.superuser().sql("select tenant from witness").query(String.class).single();
	}

}
