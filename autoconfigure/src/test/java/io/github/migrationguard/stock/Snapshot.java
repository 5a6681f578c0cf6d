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

package io.github.migrationguard.stock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.TestDatabase;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is in a database, without what no two runs have in common.
 *
 * @author Migration Guard
 */
final class Snapshot {

	private static final String CATALOG = read("catalog.sql");

	private static final String TABLES = """
			select format('%I.%I', nspname, relname) as name,
			  exists (select from pg_attribute where attrelid = c.oid and attname in ('orderexecuted', 'installed_rank'))
			    as history
			from pg_class c join pg_namespace n on n.oid = relnamespace
			where relkind in ('r', 'p') and not relispartition and nspname !~ '^pg_' and nspname <> 'information_schema'
			order by 1""";

	private static final String ROWS = """
			select (to_jsonb(compared) - '{dateexecuted,deployment_id,installed_on,execution_time}'::text[])::text
			from %s compared order by lpad(coalesce(to_jsonb(compared) ->> 'orderexecuted', to_jsonb(compared) ->> 'installed_rank'), 10),
			  1 limit 1001""";

	private static final String SUM = "select format('%%s rows %%s', count(*), md5(string_agg(compared::text, e'\\n' order by compared::text))) from %s compared";

	private static final Pattern TIME = Pattern
		.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([+-]\\d\\d(:\\d\\d)?)?");

	private final JdbcClient client;

	private final TestDatabase database;

	private Snapshot(TestDatabase database) {
		this.client = database.poller();
		this.database = database;
	}

	/**
	 * Add what is in a database to an outcome.
	 * @param database the database
	 * @param prefix what to call it
	 * @param outcome the outcome
	 */
	static void take(TestDatabase database, String prefix, Outcome outcome) {
		Snapshot snapshot = new Snapshot(database);
		outcome.add(prefix + "schema", snapshot.neutral(snapshot.client.sql(CATALOG).query(String.class).list()));
		for (Table table : snapshot.client.sql(TABLES).query(Table.class).list()) {
			outcome.add(prefix + (table.history ? "history " : "data ") + table.name, snapshot.rows(table));
		}
	}

	private List<String> rows(Table table) {
		List<String> rows = this.client.sql(ROWS.formatted(table.name)).query(String.class).list();
		return (rows.size() <= 1000) ? neutral(rows)
				: this.client.sql(SUM.formatted(table.name)).query(String.class).list();
	}

	private List<String> neutral(List<String> lines) {
		return lines.stream().map((line) -> neutral(line, this.database)).toList();
	}

	static String neutral(String line, TestDatabase database) {
		String text = line.replace(database.username(), "<owner>").replaceAll(database.name() + "\\b", "<database>");
		return TIME.matcher(text).replaceAll((time) -> isNow(time.group()) ? "<now>" : time.group());
	}

	private static boolean isNow(String time) {
		LocalDate today = LocalDate.now(ZoneOffset.UTC);
		return Stream.of(-1, 0, 1).anyMatch((days) -> time.startsWith(today.plusDays(days).toString()));
	}

	private static String read(String resource) {
		try {
			return new ClassPathResource(resource, Snapshot.class).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A table.
	 *
	 * @param name its name, quoted
	 * @param history whether a tool records its work in it
	 */
	record Table(String name, boolean history) {

	}

}
