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

package io.github.migrationguard.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.Migrator;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import liquibase.Scope;
import liquibase.command.CommandScope;
import liquibase.command.core.ChangelogSyncCommandStep;
import liquibase.command.core.helpers.DatabaseChangelogCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A history as if all change sets had been applied, without the tables that they would
 * have created.
 *
 * @author Migration Guard
 */
final class AppliedHistory {

	private static final String FLYWAY_TABLE = """
			create table flyway_schema_history (installed_rank int primary key, version varchar(50),
			description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum int,
			installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time int not null,
			success boolean not null)""";

	private static final String FLYWAY_ROW = """
			insert into flyway_schema_history values (?, ?, ?, 'SQL', ?, ?, current_user, now(), 1, true)""";

	private AppliedHistory() {
	}

	static void write(Trial trial, Path directory, Migrations migrations) throws Exception {
		if (trial.engine().tool() == MigrationTool.LIQUIBASE) {
			syncLiquibase(trial, directory);
		}
		else {
			writeFlyway(trial, directory);
		}
	}

	static Migrator migrator(Trial trial, Path directory) {
		return (trial.engine().tool() == MigrationTool.LIQUIBASE) ? LiquibaseMigrators
			.of(Instance.dataSource(trial.database()), directory, "classpath:/changelog.sql", "public")
				: Instance.migrator(Instance.dataSource(trial.database()), directory);
	}

	/**
	 * Open a connection to look through, which the tool cannot close.
	 * @param trial the trial
	 */
	static SingleConnectionDataSource openConnection(Trial trial) {
		return new SingleConnectionDataSource(trial.database().url(), trial.database().username(),
				trial.database().password(), true);
	}

	private static void syncLiquibase(Trial trial, Path directory) throws Exception {
		try (Connection connection = trial.database().connect()) {
			Database database = DatabaseFactory.getInstance()
				.findCorrectDatabaseImplementation(new JdbcConnection(connection));
			try (DirectoryResourceAccessor accessor = new DirectoryResourceAccessor(directory)) {
				Scope.child(Map.of(Scope.Attr.resourceAccessor.name(), accessor),
						() -> new CommandScope(ChangelogSyncCommandStep.COMMAND_NAME)
							.addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database)
							.addArgumentValue(DatabaseChangelogCommandStep.CHANGELOG_FILE_ARG, "changelog.sql")
							.execute());
			}
		}
	}

	private static void writeFlyway(Trial trial, Path directory) {
		Flyway flyway = Flyway.configure()
			.dataSource(trial.database().dataSource())
			.locations("filesystem:" + directory.resolve("db/migration"))
			.load();
		List<Object[]> rows = new ArrayList<>();
		for (MigrationInfo migration : flyway.info().all()) {
			rows.add(new Object[] { rows.size() + 1, migration.getVersion().getVersion(), migration.getDescription(),
					migration.getScript(), migration.getChecksum() });
		}
		JdbcTemplate template = new JdbcTemplate(trial.database().dataSource());
		template.execute(FLYWAY_TABLE);
		template.batchUpdate(FLYWAY_ROW, rows);
	}

}
