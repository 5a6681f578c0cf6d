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

package io.github.migrationguard.liquibase;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiquibaseLook}.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseLookTests {

	@Test
	void includedChangeSetsArePendingAndNothingIsCreated(TestDatabase database) throws Exception {
		MigrationLook look = look(database);
		assertThat(look.pending()).hasSize(2);
		assertThat(tables(database)).isZero();
	}

	@Test
	void afterRunNothingIsPending(TestDatabase database) throws Exception {
		liquibase(database).afterPropertiesSet();
		MigrationLook look = look(database);
		assertThat(look.pending()).isEmpty();
		assertThat(look.applied()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "classpath:/changes.yaml", "file:%s/changes.yaml" })
	void awaitsWhatIsRecordedThen(String changeLog, TestDatabase database, @TempDir Path directory) throws Exception {
		Files.writeString(directory.resolve("changes.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: file
				    author: test
				    changes:
				    - sqlFile: {path: orders.sql, relativeToChangelogFile: true}
				- changeSet:
				    id: data
				    author: test
				    changes:
				    - loadData: {file: orders.csv, relativeToChangelogFile: true, tableName: orders}
				- changeSet:
				    id: view
				    author: test
				    runOnChange: true
				    changes:
				    - createView: {viewName: ids, path: view.sql, relativeToChangelogFile: true}
				""");
		Files.writeString(directory.resolve("orders.sql"), "create table orders (id int)");
		Files.writeString(directory.resolve("orders.csv"), "id\n1\n");
		Files.writeString(directory.resolve("view.sql"), "select id from orders");
		SpringLiquibase liquibase = liquibase(database);
		liquibase.setChangeLog(changeLog.formatted(directory));
		liquibase
			.setResourceLoader(new DefaultResourceLoader(new URLClassLoader(new URL[] { directory.toUri().toURL() })));
		LiquibaseMigrator migrator = new LiquibaseMigrator("liquibase", liquibase);
		try (Connection connection = database.connect()) {
			MigrationLook look = migrator.look(connection);
			List<String> awaited = look.awaited().get();
			liquibase.afterPropertiesSet();
			assertThat(database.client()
				.sql("select %s from databasechangelog order by orderexecuted"
					.formatted(look.target().history().unit()))
				.query(String.class)
				.list()).hasSize(3).containsExactlyElementsOf(awaited);
		}
	}

	@Test
	void awaitsNothingIfAFileIsNotThere(TestDatabase database, @TempDir Path directory) throws Exception {
		Files.writeString(directory.resolve("changes.yaml"), """
				databaseChangeLog:
				- changeSet:
				    id: file
				    author: test
				    changes:
				    - sqlFile: {path: nothing.sql, relativeToChangelogFile: true}
				""");
		SpringLiquibase liquibase = liquibase(database);
		liquibase.setChangeLog("file:%s/changes.yaml".formatted(directory));
		try (Connection connection = database.connect()) {
			MigrationLook look = new LiquibaseMigrator("liquibase", liquibase).look(connection);
			assertThat(look.awaited().get()).isEmpty();
		}
	}

	private MigrationLook look(TestDatabase database) throws Exception {
		try (Connection connection = database.connect()) {
			return new LiquibaseMigrator("liquibase", liquibase(database)).look(connection);
		}
	}

	private SpringLiquibase liquibase(TestDatabase database) {
		SpringLiquibase liquibase = new SpringLiquibase();
		liquibase.setDataSource(database.dataSource());
		liquibase.setChangeLog("classpath:io/github/migrationguard/liquibase/including.yaml");
		liquibase.setResourceLoader(new DefaultResourceLoader());
		return liquibase;
	}

	private int tables(TestDatabase database) {
		return database.client()
			.sql("select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
			.query(Integer.class)
			.single();
	}

}
