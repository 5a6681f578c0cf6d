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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A statement that takes long for the first one who executes it, and counts in the
 * database who executes it at the same time.
 *
 * @author Migration Guard
 */
final class LongWork {

	private static final String EXECUTING = """
			from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
			and state = 'active' and query like '%bench.work%'""";

	private final Trial trial;

	private LongWork(Trial trial) {
		this.trial = trial;
	}

	static LongWork install(Trial trial) {
		LongWork work = new LongWork(trial);
		work.superuser().sql(script()).update();
		return work;
	}

	private static String script() {
		try {
			return new ClassPathResource("work.sql", LongWork.class).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the statement.
	 * @param seconds how long it takes for the first one
	 */
	static String sql(int seconds) {
		return "select bench.work(%d)".formatted(seconds);
	}

	int overlaps() {
		return number("select case when is_called then last_value else 0 end from bench.overlaps");
	}

	/**
	 * Return how many sessions execute it at this moment.
	 */
	int executing() {
		return number("select count(*) " + EXECUTING);
	}

	void awaitExecuting() {
		Trial.require("long statement", () -> executing() == 1);
	}

	private int number(String sql) {
		return superuser().sql(sql).query(Integer.class).single();
	}

	private JdbcClient superuser() {
		return this.trial.superuser();
	}

}
