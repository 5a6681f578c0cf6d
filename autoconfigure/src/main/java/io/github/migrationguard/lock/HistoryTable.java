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

package io.github.migrationguard.lock;

/**
 * The table in which a migration tool records what it applied.
 *
 * @param name the readable name, for example {@code public.databasechangelog}
 * @param identifier the quoted identifier, safe to be used in SQL
 * @param newest an SQL expression, made of column names only, that changes with the
 * newest row
 * @param number the column by which the rows are numbered in the order in which they were
 * written
 * @param unit an SQL expression, made of column names only, that tells which unit a row
 * records, and in which form
 * @param recorded an SQL condition, made of column names only, that holds for rows that
 * record an applied unit
 * @author Migration Guard
 * @since 0.1.0
 */
public record HistoryTable(String name, String identifier, String newest, String number, String unit, String recorded) {

	/**
	 * Create a table of which every row records a unit.
	 * @param name the readable name
	 * @param identifier the quoted identifier
	 * @param newest tells the newest row from its predecessors
	 * @param number the column by which the rows are numbered
	 * @param unit tells which unit a row records
	 */
	public HistoryTable(String name, String identifier, String newest, String number, String unit) {
		this(name, identifier, newest, number, unit, "true");
	}

}
