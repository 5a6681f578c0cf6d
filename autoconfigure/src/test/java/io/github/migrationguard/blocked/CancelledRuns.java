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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.migrationguard.MigrationState;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.testsupport.Settings;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs of the same units, each in a schema of its own, whose session somebody cancels at
 * random moments.
 *
 * @author Migration Guard
 */
final class CancelledRuns implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(CancelledRuns.class);

	private static final int UNITS = 4;

	private static final int UNDISTURBED = 3;

	/**
	 * How many of the runs that failed are followed by one that is not disturbed.
	 */
	private static final int RESTARTED = 5;

	/**
	 * A single cancel would find the session idle most of the time.
	 */
	private static final String CREATE_CANCEL = """
			create or replace function cancel_next_statement(instance text) returns boolean language plpgsql as $$
			begin
			  for i in 1..200 loop
			    perform pg_stat_clear_snapshot();
			    perform pg_cancel_backend(pid) from pg_stat_activity
			      where datname = current_database() and application_name like 'mg:%:' || instance
			      and state = 'active';
			    if found then
			      return true;
			    end if;
			  end loop;
			  return false;
			end $$""";

	private static final String CANCEL = "select cancel_next_statement(?)";

	private final Tool tool;

	private final boolean transactional;

	private final String kind;

	private final TestDatabase database;

	private final Path directory;

	private final Random random;

	private final ScheduledExecutorService canceller = Executors.newSingleThreadScheduledExecutor();

	private final SingleConnectionDataSource connection;

	private final JdbcClient client;

	private long typicalNanos;

	private int failed;

	CancelledRuns(Tool tool, boolean transactional, TestDatabase database, Path directory, long seed) {
		this.tool = tool;
		this.transactional = transactional;
		this.kind = (tool + (transactional ? "_tx" : "_auto")).toLowerCase(Locale.ROOT);
		this.database = database;
		this.directory = directory.resolve(this.kind);
		this.random = new Random(seed + this.kind.hashCode());
		try {
			Files.createDirectories(this.directory);
			this.connection = new SingleConnectionDataSource(database.connect(), true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		this.client = JdbcClient.create(this.connection);
	}

	/**
	 * Create what cancels statements.
	 * @param database the database of the runs
	 */
	static void prepare(TestDatabase database) {
		database.client().sql(CREATE_CANCEL).update();
	}

	private List<Unit> units(String schema) {
		return IntStream.rangeClosed(1, UNITS)
			.mapToObj((number) -> unit(schema + ".unit" + number, "unit" + number))
			.toList();
	}

	private Unit unit(String table, String name) {
		return this.transactional
				? Unit.transactional(name, "create table %1$sa (id int);\ncreate table %1$sb (id int)".formatted(table))
				: Unit.nonTransactional(name, "create table %sa (id int)".formatted(table));
	}

	/**
	 * Run, and check in the database after each run what was applied and recorded.
	 * @param runs how often
	 */
	void run(int runs) {
		for (int run = 1; run <= UNDISTURBED; run++) {
			assertThat(run("undisturbed" + run, false)).isEqualTo(MigrationState.COMPLETED);
		}
		for (int run = 1; run <= runs; run++) {
			disturb("run" + run);
		}
		logger.info("%s: %d of %d runs failed, an undisturbed one takes %d ms".formatted(this.kind, this.failed, runs,
				TimeUnit.NANOSECONDS.toMillis(this.typicalNanos)));
		assertThat(this.failed).as("runs that failed").isGreaterThan(runs / 10);
	}

	private void disturb(String name) {
		if (run(name, true) == MigrationState.FAILED && this.failed++ % RESTARTED == 0) {
			removeFailedRecord(schema(name));
			assertThat(run(name, false)).as("next start of %s", schema(name)).isEqualTo(MigrationState.COMPLETED);
		}
	}

	/**
	 * As {@code flyway repair} does.
	 */
	private void removeFailedRecord(String schema) {
		if (this.tool == Tool.FLYWAY && exists(schema)) {
			this.client.sql("delete from %s.flyway_schema_history where not success".formatted(schema)).update();
		}
	}

	private MigrationState run(String name, boolean cancelled) {
		String schema = schema(name);
		this.client.sql("create schema if not exists " + schema).update();
		Migrator migrator = this.tool.migrator(Tool.dataSource(this.database), this.directory, schema, units(schema));
		long begin = System.nanoTime();
		try (GuardedStart start = GuardedStart.of(migrator, Settings.DDL, schema)) {
			if (cancelled) {
				cancelAtRandomMoments(schema);
			}
			MigrationState state = start.end().state();
			if (!cancelled) {
				this.typicalNanos = System.nanoTime() - begin;
			}
			assertConsistent(schema);
			return state;
		}
	}

	private String schema(String name) {
		return this.kind + "_" + name;
	}

	private void cancelAtRandomMoments(String schema) {
		int cancels = 1 + this.random.nextInt(2);
		for (int cancel = 0; cancel < cancels; cancel++) {
			this.canceller.schedule(() -> this.client.sql(CANCEL).param(schema).query(Boolean.class).list(),
					this.random.nextLong(this.typicalNanos), TimeUnit.NANOSECONDS);
		}
	}

	private void assertConsistent(String schema) {
		List<String> recorded = exists(schema)
				? this.client.sql(this.tool.recordedIn(schema)).query(String.class).list() : List.of();
		List<String> suffixes = this.transactional ? List.of("a", "b") : List.of("a");
		assertThat(tables(schema)).as("tables in %s", schema)
			.containsExactlyInAnyOrderElementsOf(
					recorded.stream().flatMap((unit) -> suffixes.stream().map(unit::concat)).toList());
	}

	private boolean exists(String schema) {
		return this.client.sql("select to_regclass(?) is not null")
			.param(schema + "." + this.tool.bookkeeping().get(0))
			.query(Boolean.class)
			.single();
	}

	private List<String> tables(String schema) {
		return this.client.sql("select tablename from pg_tables where schemaname = ? and tablename like 'unit%'")
			.param(schema)
			.query(String.class)
			.list();
	}

	@Override
	public void close() {
		this.canceller.shutdownNow();
		this.connection.destroy();
	}

}
