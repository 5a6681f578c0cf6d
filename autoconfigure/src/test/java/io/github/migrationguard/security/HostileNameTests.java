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

package io.github.migrationguard.security;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.LockWaitTimeoutException;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.InvalidIndexes;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for configured names that are SQL.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class HostileNameTests {

	private static final String SQL = "x'; drop table public.victim; --";

	private static final String QUOTED_SQL = "x\"; drop table public.victim; --";

	private TestDatabase database;

	@TempDir
	private Path directory;

	@BeforeEach
	void createVictim(TestDatabase database) {
		this.database = database;
		database.client().sql("create table victim (id int)").update();
	}

	@AfterEach
	void victimIsThere() {
		assertThat(exists("public.victim")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { SQL, QUOTED_SQL })
	@Tag("security:S50")
	void schemaOfLiquibaseIsNoSql(String schema) {
		createSchema(schema);
		assertCompletes(Guards.of(Guards.liquibase(this.database, this.directory, schema)));
		assertThat(exists(quote(schema) + ".databasechangelog")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { SQL, QUOTED_SQL })
	@Tag("security:S50")
	void tablesOfFlywayAreNoSql(String name) {
		createSchema(name);
		Path location = this.directory.resolve("migrations");
		FlywayScripts.ofTables(2).writeTo(location);
		assertCompletes(Guards.of(FlywayMigrators.of(Flyway.configure(getClass().getClassLoader())
			.dataSource(Guards.dataSource(this.database))
			.schemas(name)
			.table(SQL)
			.baselineOnMigrate(true)
			.locations("filesystem:" + location)
			.load())));
		assertThat(exists(quote(name) + "." + quote(SQL))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { SQL, QUOTED_SQL })
	@Tag("security:S51")
	void lockAndInstanceAreNoSql(String name) {
		MigrationGuard guard = Guards.of(Guards.liquibase(this.database, this.directory, "public"),
				name + "\n\u001b[31m", name, Map.of());
		assertCompletes(guard);
		assertThat(guard.getStatus().get(0).lock().key().name()).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { SQL, QUOTED_SQL, "a.b'; drop table public.victim; --" })
	@Tag("security:S52")
	void nameOfSettingIsNoSql(String name) {
		MigrationGuard guard = Guards.of(Guards.liquibase(this.database, this.directory, "public"), "orders/pod-0",
				null, Map.of(name, "1"));
		assertThatException().isThrownBy(guard::migrate).withMessageContaining(name);
	}

	@Test
	@Tag("security:S52")
	void valueOfSettingIsNoSql() {
		assertCompletes(Guards.of(Guards.liquibase(this.database, this.directory, "public"), "orders/pod-0", null,
				Map.of("guard.comment", SQL)));
	}

	@ParameterizedTest
	@ValueSource(strings = { SQL, QUOTED_SQL })
	@Tag("security:S53")
	void remedyOfIndexRemovesThatIndex(String index) throws SQLException {
		createSchema(index);
		JdbcClient client = this.database.client();
		client.sql("create table %s.doubles as select 1 as id from generate_series(1, 2)".formatted(quote(index)))
			.update();
		assertThatException().isThrownBy(
				() -> client.sql("create unique index concurrently %1$s on %1$s.doubles (id)".formatted(quote(index)))
					.update());
		client.sql(onlyInvalidIndex().remedy()).update();
		assertThat(exists(quote(index) + "." + quote(index))).isFalse();
		assertThat(exists(quote(index) + ".doubles")).isTrue();
	}

	private InvalidIndex onlyInvalidIndex() throws SQLException {
		try (Connection connection = this.database.connect()) {
			List<InvalidIndex> indexes = InvalidIndexes.find(connection, 5);
			assertThat(indexes).hasSize(1);
			return indexes.get(0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { SQL, QUOTED_SQL })
	@Tag("security:S53")
	void remedyOfChangelogLockReleasesThatLock(String schema) {
		createSchema(schema);
		Migrator migrator = Guards.liquibase(this.database, this.directory, schema);
		assertCompletes(Guards.of(migrator));
		JdbcClient client = this.database.client();
		client.sql("delete from %s.databasechangelog".formatted(quote(schema))).update();
		client.sql("update %s.databasechangeloglock set locked = true, lockedby = ?".formatted(quote(schema)))
			.param(SQL)
			.update();
		assertThatExceptionOfType(LockWaitTimeoutException.class).isThrownBy(() -> Guards.of(migrator).migrate())
			.satisfies((ex) -> client.sql(ex.getToolLock().remedy()).update());
		assertThat(client.sql("select locked from %s.databasechangeloglock".formatted(quote(schema)))
			.query(Boolean.class)
			.single()).isFalse();
	}

	private static void assertCompletes(MigrationGuard guard) {
		guard.migrate();
		assertThat(guard.getStatus().get(0).state()).isEqualTo(MigrationState.COMPLETED);
	}

	private void createSchema(String name) {
		this.database.client().sql("create schema " + quote(name)).update();
	}

	private static String quote(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	private boolean exists(String table) {
		return this.database.client()
			.sql("select to_regclass(?) is not null")
			.param(table)
			.query(Boolean.class)
			.single();
	}

}
