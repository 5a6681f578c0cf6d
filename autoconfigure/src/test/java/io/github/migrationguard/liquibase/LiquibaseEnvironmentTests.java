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
import java.util.Locale;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.MigrationSession.Backend;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PreferQueryMode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a migration does not depend on the driver's query mode, the locale of the
 * JVM or the encoding of the database.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LiquibaseEnvironmentTests {

	private static final Changelog TABLE = Changelog.ofTables(1);

	private static final Changelog TABLES = Changelog.ofTables(2);

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	private final Locale locale = Locale.getDefault();

	@TempDir
	private Path directory;

	@AfterEach
	void restoreLocale() {
		Locale.setDefault(this.locale);
	}

	@ParameterizedTest
	@EnumSource
	void everyQueryMode(PreferQueryMode mode, TestDatabase database) {
		String url = database.url() + "?preferQueryMode=" + mode.value();
		runner(url, database, TABLES).run(LiquibaseEnvironmentTests::assertCompleted);
		Changelog longer = TABLES.changeSet("long", "alter table table_1 add constraint positive check (id > 0)")
			.changeSet("index", "runInTransaction:false", "create index concurrently id on table_1 (id)");
		runner(url, database, longer).withPropertyValues("migration-guard.ddl.repair-invalid-indexes=all")
			.run(LiquibaseEnvironmentTests::assertCompleted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "fa-IR", "ar-EG", "th-TH-u-nu-thai", "tr-TR" })
	void everyLocale(String locale, TestDatabase database) {
		Locale.setDefault(Locale.forLanguageTag(locale));
		assertThat(new LockMarker(KEY, new Backend(4711, 1234567890), "orders-0"))
			.hasToString("mg:%s:%s:4711:1234567890:orders-0".formatted(KEY.namespace(), KEY.hash()));
		runner(database.url(), database, TABLE).run(LiquibaseEnvironmentTests::assertCompleted);
		database.client()
			.sql("update databasechangeloglock set locked = true, lockedby = ?, lockgranted = now()")
			.param(new LockMarker(KEY, new Backend(999999, 1), "dead").toString())
			.update();
		runner(database.url(), database, TABLES).run(LiquibaseEnvironmentTests::assertCompleted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "LATIN1", "SQL_ASCII" })
	void everyEncoding(String encoding, TestDatabase database) {
		String name = database.name() + "_" + encoding.toLowerCase(Locale.ROOT);
		database.superuser()
			.sql("create database %s owner %s template template0 encoding '%s' lc_collate 'C' lc_ctype 'C'"
				.formatted(name, database.username(), encoding))
			.update();
		try {
			String url = database.url().replace(database.name(), name);
			runner(url, database, TABLES).withPropertyValues("migration-guard.instance-id=заказы-\u2603-é")
				.run(LiquibaseEnvironmentTests::assertCompleted);
			assertThat(JdbcClient.create(new DriverManagerDataSource(url, database.username(), database.password()))
				.sql("select count(*) from databasechangelog")
				.query(Integer.class)
				.single()).isEqualTo(2);
		}
		finally {
			database.superuser().sql("drop database %s with (force)".formatted(name)).update();
		}
	}

	@Test
	void markerIsCutFromTheLeft() {
		assertThat(new LockMarker(KEY, new Backend(1, 2), "x".repeat(300) + "-7").toString()).hasSize(255)
			.endsWith("x-7");
	}

	private ApplicationContextRunner runner(String url, TestDatabase database, Changelog changelog) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + url, "spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
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

	private static void assertCompleted(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(MigrationGuard.class).getStatus()).hasSize(1)
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(MigrationState.COMPLETED));
	}

}
