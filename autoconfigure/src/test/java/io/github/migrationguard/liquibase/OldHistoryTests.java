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

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for histories that Liquibase brings up to date although nothing is pending.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class OldHistoryTests {

	private static final Changelog CHANGELOG = Changelog.ofTables(2)
		.changeSet("any", "", "--validCheckSum: any\ncreate table whatever (id int)");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "update databasechangelog set md5sum = null",
			"update databasechangelog set md5sum = '8:d41d8cd98f00b204e9800998ecf8427e' where id = 'any'",
			"alter table databasechangelog drop column contexts, drop column labels, drop column deployment_id",
			"alter table databasechangelog drop column orderexecuted",
			"alter table databasechangelog drop column description, drop column comments, drop column tag",
			"alter table databasechangelog drop column liquibase, add column liquibase varchar(10)",
			"alter table databasechangelog drop column exectype", "drop table databasechangeloglock",
			"delete from databasechangeloglock" })
	void isBroughtUpToDate(String damage, TestDatabase database) {
		assertThat(afterStart(database, damage, true)).isEqualTo(afterStart(database, damage, false));
		start(database, true, MigrationState.UP_TO_DATE);
	}

	private List<String> afterStart(TestDatabase database, String damage, boolean guarded) {
		database.clear();
		start(database, false, null);
		database.client().sql(damage).update();
		start(database, guarded, guarded ? MigrationState.COMPLETED : null);
		return List.of(database.client().sql("""
				select string_agg(format('%s.%s %s(%s) %s', table_name, column_name, data_type,
				  character_maximum_length, is_nullable), e'\n' order by table_name, ordinal_position)
				from information_schema.columns where table_schema = 'public'""").query(String.class).single(),
				database.client()
					.sql("""
							select string_agg((to_jsonb(h) - '{dateexecuted,deployment_id}'::text[])::text, e'\n' order by id)
							from databasechangelog h""")
					.query(String.class)
					.single(),
				database.client()
					.sql("select string_agg(l::text, e'\n') from databasechangeloglock l")
					.query(String.class)
					.single());
	}

	@Test
	void changeSetThatWasEditedIsNoticedByWhoHasSomethingPending(TestDatabase database) {
		start(database, true, MigrationState.COMPLETED);
		runner(database, true,
				Changelog.empty()
					.changeSet("table-1", "create table other (id int)")
					.changeSet("next", "create table next (id int)"))
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("ValidationFailedException")
				.hasStackTraceContaining("table-1"));
	}

	private void start(TestDatabase database, boolean guarded, MigrationState state) {
		runner(database, guarded, CHANGELOG).run((context) -> {
			assertThat(context).hasNotFailed();
			if (state != null) {
				assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).state()).isEqualTo(state);
			}
		});
	}

	private ApplicationContextRunner runner(TestDatabase database, boolean guarded, Changelog changelog) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(), "migration-guard.enabled=" + guarded,
					"spring.liquibase.change-log=" + changelog.writeTo(this.directory));
	}

	private ClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
