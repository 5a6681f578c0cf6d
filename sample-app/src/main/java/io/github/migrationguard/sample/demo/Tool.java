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

package io.github.migrationguard.sample.demo;

import java.util.List;
import java.util.Locale;

/**
 * The tool that migrates the database.
 *
 * @author Migration Guard
 */
enum Tool {

	/**
	 * Liquibase, which applies change sets.
	 */
	LIQUIBASE("change sets", "databasechangelog", "orderexecuted",
			"--spring.liquibase.change-log=classpath:/db/changelog/db.changelog-1.0.yaml"),

	/**
	 * Flyway, which applies migrations.
	 */
	FLYWAY("migrations", "flyway_schema_history", "installed_rank", "--spring.flyway.target=7",
			"--spring.flyway.repeatable-sql-migration-prefix=none");

	private final String units;

	private final String history;

	private final String order;

	private final List<String> firstVersion;

	Tool(String units, String history, String order, String... firstVersion) {
		this.units = units;
		this.history = history;
		this.order = order;
		this.firstVersion = List.of(firstVersion);
	}

	/**
	 * Return what the tool calls the units of its work.
	 * @return the word, in the plural
	 */
	String units() {
		return this.units;
	}

	/**
	 * Return the query for the moment when the last change was committed.
	 * @return the query
	 */
	String findLastChange() {
		return "select pg_xact_commit_timestamp(xmin) from %s order by %s desc limit 1".formatted(this.history,
				this.order);
	}

	/**
	 * Return the query for the number of units that are applied.
	 * @return the query
	 */
	String countApplied() {
		return "select count(*) from " + this.history;
	}

	/**
	 * Return the arguments of a service that does not know the latest changes yet.
	 * @return the arguments
	 */
	List<String> firstVersion() {
		return this.firstVersion;
	}

	/**
	 * Return the name as it is given on the command line.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
