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

import javax.sql.DataSource;

import io.github.migrationguard.Migrator;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.core.io.DefaultResourceLoader;

/**
 * Makes migrators for tests that need no context.
 *
 * @author Migration Guard
 */
public final class LiquibaseMigrators {

	private LiquibaseMigrators() {
	}

	/**
	 * Return a migrator named {@code liquibase}.
	 * @param dataSource the data source
	 * @param directory the directory that the change log is in
	 * @param changeLog the change log
	 * @param schema the schema of everything
	 * @return the migrator
	 */
	public static Migrator of(DataSource dataSource, Path directory, String changeLog, String schema) {
		SpringLiquibase liquibase = new SpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setResourceLoader(new DefaultResourceLoader(classLoader(directory)));
		liquibase.setChangeLog(changeLog);
		liquibase.setDefaultSchema(schema);
		liquibase.setLiquibaseSchema(schema);
		return new LiquibaseMigrator("liquibase", liquibase);
	}

	private static ClassLoader classLoader(Path directory) {
		try {
			return new URLClassLoader(new URL[] { directory.toUri().toURL() },
					LiquibaseMigrators.class.getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
