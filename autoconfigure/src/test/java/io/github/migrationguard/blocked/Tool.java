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

import java.nio.file.Path;
import java.util.List;

import javax.sql.DataSource;

import io.github.migrationguard.Migrator;
import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A migration tool and how a test uses it.
 *
 * @author Migration Guard
 */
enum Tool {

	LIQUIBASE(List.of("databasechangelog", "databasechangeloglock"),
			"select id from %s.databasechangelog order by orderexecuted") {

		@Override
		Migrator migrator(DataSource dataSource, Path directory, String schema, List<Unit> units) {
			Changelog changelog = Changelog.empty();
			for (Unit unit : units) {
				changelog = changelog.changeSet(unit.name(), unit.transactional() ? "" : "runInTransaction:false",
						unit.sql());
			}
			return LiquibaseMigrators.of(dataSource, directory, changelog.writeTo(directory), schema);
		}

	},

	FLYWAY(List.of("flyway_schema_history"), """
			select description from %s.flyway_schema_history where success and version <> '0'
			order by installed_rank""") {

		@Override
		Migrator migrator(DataSource dataSource, Path directory, String schema, List<Unit> units) {
			FlywayScripts scripts = FlywayScripts.empty();
			for (Unit unit : units) {
				scripts = unit.transactional() ? scripts.versioned(unit.name(), unit.sql())
						: scripts.nonTransactional(unit.name(), unit.sql());
			}
			Path location = directory.resolve("migrations");
			scripts.writeTo(location);
			return FlywayMigrators.of(configuration(dataSource, schema).locations("filesystem:" + location).load());
		}

	};

	private final List<String> bookkeeping;

	private final String recorded;

	Tool(List<String> bookkeeping, String recorded) {
		this.bookkeeping = bookkeeping;
		this.recorded = recorded;
	}

	/**
	 * Return a migrator of the schema {@code public}.
	 * @param database the database
	 * @param directory where the files of the tool are written to
	 * @param units the units
	 * @return the migrator
	 */
	Migrator migrator(TestDatabase database, Path directory, Unit... units) {
		return migrator(dataSource(database), directory, "public", List.of(units));
	}

	/**
	 * Return a migrator of Flyway with migrations written in Java.
	 * @param database the database
	 * @param migrations the migrations
	 * @return the migrator
	 */
	static Migrator migrator(TestDatabase database, JavaMigration... migrations) {
		return FlywayMigrators.of(configuration(dataSource(database), "public").locations(new String[0])
			.javaMigrations(migrations)
			.load());
	}

	abstract Migrator migrator(DataSource dataSource, Path directory, String schema, List<Unit> units);

	/**
	 * Return the tables of the tool itself.
	 * @return the names, without the schema
	 */
	List<String> bookkeeping() {
		return this.bookkeeping;
	}

	/**
	 * Return the units that the history of the schema {@code public} holds as applied.
	 * @param database the database
	 * @return their names, each as often as it is recorded
	 */
	List<String> recorded(TestDatabase database) {
		return database.client().sql(recordedIn("public")).query(String.class).list();
	}

	/**
	 * Return the query for the units that the history holds as applied.
	 * @param schema the schema of the history
	 * @return a query for their names
	 */
	String recordedIn(String schema) {
		return this.recorded.formatted(schema);
	}

	static DataSource dataSource(TestDatabase database) {
		return new DriverManagerDataSource(database.url(), database.username(), database.password());
	}

	static FluentConfiguration configuration(DataSource dataSource, String schema) {
		return Flyway.configure(Tool.class.getClassLoader())
			.dataSource(dataSource)
			.schemas(schema)
			.baselineOnMigrate(true)
			.baselineVersion("0");
	}

}
