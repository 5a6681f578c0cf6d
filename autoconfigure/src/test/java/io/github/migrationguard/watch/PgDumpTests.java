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

package io.github.migrationguard.watch;

import java.io.IOException;
import java.sql.SQLException;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.PackagedPostgres;
import io.github.migrationguard.testsupport.PackagedPostgresTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionSampler} with a real {@code pg_dump} in the way.
 *
 * @author Migration Guard
 */
@PackagedPostgresTest
class PgDumpTests {

	private static final String OWNER = "orders_owner";

	private static PackagedPostgres postgres;

	@BeforeAll
	static void startPostgres() throws SQLException {
		postgres = PackagedPostgres.start();
		try (OtherSession superuser = open("postgres")) {
			superuser.execute("create role %s login".formatted(OWNER), "create table orders (id int, text text)",
					"alter table orders owner to " + OWNER,
					"insert into orders select n, repeat('x', 1000) from generate_series(1, 20000) n");
		}
	}

	@AfterAll
	static void stopPostgres() throws IOException {
		postgres.close();
	}

	@Test
	void isRecognizedByRoleWithoutPrivileges() throws SQLException {
		Process dump = postgres.dump();
		try (WatchedMigration migration = new WatchedMigration(postgres.dataSource(OWNER).getConnection(),
				open(OWNER))) {
			awaitCopy();
			SessionSample sample = migration.alterAndAwaitBlockers();
			assertThat(sample.blockers()).singleElement().satisfies((blocker) -> {
				assertThat(blocker.kind()).isEqualTo(BlockerKind.BACKUP);
				assertThat(blocker.applicationName()).isEqualTo("pg_dump");
				assertThat(blocker.user()).isEqualTo("postgres");
				assertThat(blocker.superuser()).isTrue();
				assertThat(blocker.holds()).isEqualTo("AccessShareLock on orders");
				assertThat(blocker.hiddenFrom()).isEqualTo(OWNER);
				assertThat(blocker.remedy()).isNull();
			});
			assertThat(migration.cancelAndFindHolders(sample.waitingFor())).extracting(Blocker::kind)
				.containsExactly(BlockerKind.BACKUP);
		}
		finally {
			dump.destroy();
		}
	}

	/**
	 * Nobody reads the output, so that it takes as long as it is needed.
	 */
	private static void awaitCopy() throws SQLException {
		try (OtherSession superuser = open("postgres")) {
			Awaiting.await("copy of the table")
				.until(() -> superuser.query("select count(*) from pg_stat_activity where application_name = 'pg_dump'"
						+ " and query like 'COPY public.orders%'"), "1"::equals);
		}
	}

	private static OtherSession open(String role) throws SQLException {
		return OtherSession.of(postgres.dataSource(role).getConnection());
	}

}
