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

package io.github.migrationguard.flyway;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.ddl.InvalidIndexException;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.util.function.ThrowingConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link FlywayMigrator} makes of invalid indexes, on a real database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class FlywayInvalidIndexTests {

	private static final FlywayScripts INDEX = FlywayScripts.empty()
		.nonTransactional("index", "create unique index concurrently orders_code on orders (code)");

	@TempDir
	private Path directory;

	private TestDatabase database;

	@BeforeEach
	void createTable(TestDatabase database) {
		this.database = database;
		execute("create table orders (id int primary key, code text)");
		execute("insert into orders values (1, 'a'), (2, 'a')");
	}

	@Test
	void indexIsBuiltAgainWhenRowsAreCorrected() {
		run(INDEX, "own", this::assertDuplicates);
		run(INDEX, "own", this::assertDuplicates);
		assertThat(indexes()).containsExactly("orders_code invalid");
		execute("update orders set code = id::text");
		run(INDEX, "own", (context) -> {
			assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED);
			assertThat(status(context).ddl().invalidIndexes()).isEmpty();
		});
		assertThat(indexes()).containsExactly("orders_code valid");
	}

	private void assertDuplicates(AssertableApplicationContext context) {
		assertThat(context).getFailure().rootCause().hasMessageContaining("could not create unique index");
	}

	@Test
	void refusedScriptIsTriedAgainWithoutRepairOfTheHistory() {
		run(INDEX, "own", this::assertDuplicates);
		run(INDEX, "none",
				(context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(InvalidIndexException.class, (ex) -> {
						assertThat(ex.getIndex()).isEqualTo("public.orders_code");
						execute(ex.getRemedy());
					}));
		execute("update orders set code = id::text");
		run(INDEX, "none", (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(indexes()).containsExactly("orders_code valid");
	}

	@Test
	void allInvalidIndexesAreRepairedBeforeTheRun() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> execute("create unique index concurrently orders_code on orders (code)"));
		execute("update orders set code = id::text");
		FlywayScripts other = FlywayScripts.empty().versioned("other", "create table other (id int)");
		run(other, "all", (context) -> assertThat(status(context).state()).isEqualTo(MigrationState.COMPLETED));
		assertThat(indexes()).containsExactly("orders_code valid");
	}

	private void run(FlywayScripts scripts, String repair, ThrowingConsumer<AssertableApplicationContext> check) {
		scripts.install(this.directory);
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					MigrationGuardAutoConfiguration.class, FlywayGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + this.database.url(),
					"spring.datasource.username=" + this.database.username(),
					"spring.datasource.password=" + this.database.password(), "spring.flyway.baseline-on-migrate=true",
					"spring.flyway.baseline-version=0", "migration-guard.ddl.repair-invalid-indexes=" + repair)
			.run(check::acceptWithException);
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MigrationStatus status(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(MigrationGuard.class).getStatus().get(0);
	}

	private List<String> indexes() {
		return this.database.client().sql("""
				select i.indexrelid::regclass || case when i.indisvalid then ' valid' else ' invalid' end
				from pg_index i where i.indrelid = 'orders'::regclass and not i.indisprimary
				order by 1""").query(String.class).list();
	}

	private void execute(String sql) {
		this.database.client().sql(sql).update();
	}

}
