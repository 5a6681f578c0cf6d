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

package io.github.migrationguard.services;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.services.Fleet.Replica;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two replicas of each service start with Migration Guard as one of it starts without.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class ServiceTests {

	private static final String SCHEMA = """
			select format('%s.%s.%s %s', table_schema, table_name, column_name, data_type) from information_schema.columns
			where table_schema not in ('pg_catalog', 'information_schema') order by 1""";

	@ParameterizedTest
	@EnumSource
	void startsOnAnEmptyDatabaseAsWithoutGuard(Framework framework, @TempDir Path directory) throws Exception {
		Migrations migrations = flyway(framework).versioned("new", "insert into flag values ('new')");
		check(framework, null, migrations, directory);
	}

	@ParameterizedTest
	@EnumSource
	void startsOnAnExistingDatabaseAsWithoutGuard(Framework framework, @TempDir Path directory) throws Exception {
		Changelog before = liquibase(framework);
		check(framework, before, before.changeSet("new", "insert into flag values ('new')"), directory);
	}

	private static void check(Framework framework, Migrations before, Migrations migrations, Path directory)
			throws Exception {
		TestDatabase stock = TestDatabase.create();
		TestDatabase guarded = TestDatabase.create();
		try (URLClassLoader classLoader = classLoader(directory)) {
			if (before != null) {
				Map<String, Object> properties = before.install(directory);
				new Fleet(framework, stock, properties, classLoader).startStock();
				new Fleet(framework, guarded, properties, classLoader).startStock();
			}
			Map<String, Object> properties = migrations.install(directory);
			Replica expected = new Fleet(framework, stock, properties, classLoader).startStock();
			List<Replica> replicas = new Fleet(framework, guarded, properties, classLoader).startGuarded(2);
			System.out.printf("%s: %s%n  %s%n", framework, expected, replicas);
			assertThat(describe(guarded)).isEqualTo(describe(stock));
			assertThat(replicas).allSatisfy((replica) -> assertThat(replica.seen()).hasSameSizeAs(expected.seen()));
			assertThat(replicas).anySatisfy((replica) -> assertThat(replica.seen()).isEqualTo(expected.seen()));
		}
		finally {
			stock.drop();
			guarded.drop();
		}
	}

	private static URLClassLoader classLoader(Path directory) throws MalformedURLException {
		return new URLClassLoader(new URL[] { directory.toUri().toURL() }, ServiceTests.class.getClassLoader());
	}

	private static List<String> describe(TestDatabase database) {
		List<String> description = new ArrayList<>(database.client().sql(SCHEMA).query(String.class).list());
		description
			.addAll(database.client().sql("select 'flag ' || name from flag order by 1").query(String.class).list());
		return description;
	}

	private static FlywayScripts flyway(Framework framework) {
		FlywayScripts scripts = FlywayScripts.empty();
		for (String migration : framework.migrations()) {
			scripts = scripts.versioned("framework", migration);
		}
		return scripts.versioned("flag", "create table flag (name text primary key);\ninsert into flag values ('old')");
	}

	private static Changelog liquibase(Framework framework) {
		Changelog changelog = Changelog.empty();
		for (String migration : framework.migrations()) {
			changelog = changelog.changeSet("framework-" + migration.hashCode(), migration);
		}
		return changelog.changeSet("flag",
				"create table flag (name text primary key);\ninsert into flag values ('old')");
	}

}
