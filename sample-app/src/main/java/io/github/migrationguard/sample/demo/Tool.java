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
	LIQUIBASE("change sets", """
			select pg_xact_commit_timestamp(xmin) from databasechangelog order by orderexecuted desc limit 1
			"""),

	/**
	 * Flyway, which applies migrations.
	 */
	FLYWAY("migrations", """
			select pg_xact_commit_timestamp(xmin) from flyway_schema_history order by installed_rank desc limit 1
			""");

	private final String units;

	private final String findLastChange;

	Tool(String units, String findLastChange) {
		this.units = units;
		this.findLastChange = findLastChange;
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
		return this.findLastChange;
	}

	/**
	 * Return the name as it is given on the command line.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
