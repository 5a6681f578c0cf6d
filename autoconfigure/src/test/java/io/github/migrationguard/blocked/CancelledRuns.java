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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
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

	private static final int MAX_CANCELS = 2;

	/**
	 * How long after another a cancel may come that is meant to hit what the session does
	 * about the first one.
	 */
	private static final double BURST_SECONDS = 0.002;

	/**
	 * One of how many runs creates the tables of the tool.
	 */
	private static final int CREATING = 4;

	/**
	 * How many of the runs that failed are followed by one that is not disturbed.
	 */
	private static final int RESTARTED = 5;

	/**
	 * Waits for a session, then for the moment, then for a statement: most of the time
	 * the session is idle.
	 */
	private static final String CREATE_CANCEL = """
			create function cancel_statement(instance text, moment float, patience float) returns boolean
			language plpgsql as $$
			declare
			  session text := 'mg:%:' || instance;
			  deadline timestamptz := clock_timestamp() + make_interval(secs => patience);
			begin
			  while not exists (select from pg_stat_activity where application_name like session) loop
			    if clock_timestamp() > deadline then
			      return false;
			    end if;
			    perform pg_sleep(0.001);
			    perform pg_stat_clear_snapshot();
			  end loop;
			  perform pg_sleep(moment);
			  for i in 1..100 loop
			    perform pg_stat_clear_snapshot();
			    perform pg_cancel_backend(pid) from pg_stat_activity
			      where datname = current_database() and application_name like session and state = 'active';
			    if found then
			      return true;
			    end if;
			  end loop;
			  return false;
			end $$""";

	private static final String CANCEL = "select cancel_statement(?, ?, ?)";

	private final Tool tool;

	private final boolean transactional;

	private final String kind;

	private final TestDatabase database;

	private final Path directory;

	private final Random random;

	private final ExecutorService cancellers = Executors.newFixedThreadPool(MAX_CANCELS);

	/**
	 * As many as cancellers: to connect takes longer than a unit.
	 */
	private final BlockingQueue<SingleConnectionDataSource> cancelling = new ArrayBlockingQueue<>(MAX_CANCELS);

	private final SingleConnectionDataSource connection;

	private final JdbcClient client;

	private Duration typical = Duration.ZERO;

	private Duration typicalUnderLock = Duration.ZERO;

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
			while (this.cancelling.remainingCapacity() > 0) {
				this.cancelling.add(new SingleConnectionDataSource(database.connect(), true));
			}
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
			String schema = createSchema("undisturbed" + run);
			assertThat(run(schema, schema, false)).isEqualTo(MigrationState.COMPLETED);
		}
		for (int run = 1; run <= runs; run++) {
			String schema = createSchema("run" + run);
			if (run % CREATING != 0) {
				createTables(schema);
			}
			disturb(schema);
		}
		logger.info("%s: %d of %d runs failed, an undisturbed one takes %s, of which %s under the lock"
			.formatted(this.kind, this.failed, runs, this.typical, this.typicalUnderLock));
		assertThat(this.failed).as("runs that failed").isPositive();
	}

	private String createSchema(String name) {
		String schema = this.kind + "_" + name;
		this.client.sql("create schema " + schema).update();
		return schema;
	}

	/**
	 * The tools wait for a long time if they cannot create their tables.
	 */
	private void createTables(String schema) {
		for (String table : this.tool.bookkeeping()) {
			this.client
				.sql("create table %1$s.%2$s (like %3$s_undisturbed1.%2$s including all)".formatted(schema, table,
						this.kind))
				.update();
		}
	}

	private void disturb(String schema) {
		if (run(schema, schema, true) == MigrationState.FAILED && this.failed++ % RESTARTED == 0) {
			removeFailedRecord(schema);
			assertThat(run(schema, schema + "-again", false)).as("next start of %s", schema)
				.isIn(MigrationState.COMPLETED, MigrationState.UP_TO_DATE);
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

	private MigrationState run(String schema, String instance, boolean cancelled) {
		Migrator migrator = this.tool.migrator(Tool.dataSource(this.database), this.directory, schema, units(schema));
		Instant begin = Instant.now();
		try (GuardedStart start = GuardedStart.of(migrator, Settings.DDL, instance)) {
			if (cancelled) {
				cancelAtRandomMoments(instance);
			}
			MigrationStatus status = start.end();
			try {
				assertConsistent(schema);
			}
			catch (AssertionError ex) {
				logger.error("What is inconsistent is left by a run", start.failure());
				throw ex;
			}
			if (status.state() == MigrationState.COMPLETED && instance.equals(schema)) {
				this.typical = Duration.between(begin, Instant.now());
				this.typicalUnderLock = Duration.between(status.lock().acquiredAt(), Instant.now());
			}
			return status.state();
		}
	}

	private void cancelAtRandomMoments(String instance) {
		int cancels = 1 + this.random.nextInt(MAX_CANCELS);
		boolean burst = this.random.nextBoolean();
		double moment = this.random.nextDouble(seconds(this.typicalUnderLock));
		for (int cancel = 0; cancel < cancels; cancel++) {
			cancel(instance, moment);
			moment = burst ? moment + this.random.nextDouble(BURST_SECONDS)
					: this.random.nextDouble(seconds(this.typicalUnderLock));
		}
	}

	private void cancel(String instance, double moment) {
		this.cancellers.execute(() -> {
			SingleConnectionDataSource connection = this.cancelling.remove();
			try {
				JdbcClient.create(connection)
					.sql(CANCEL)
					.params(instance, moment, seconds(this.typical))
					.query(Boolean.class)
					.single();
			}
			finally {
				this.cancelling.add(connection);
			}
		});
	}

	private static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

	/**
	 * A record that is cancelled at the last moment is written again, and may be there
	 * twice then, which neither tool minds.
	 */
	private void assertConsistent(String schema) {
		List<String> recorded = exists(schema)
				? this.client.sql(this.tool.recordedIn(schema)).query(String.class).list().stream().distinct().toList()
				: List.of();
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
		this.cancellers.shutdownNow();
		this.cancelling.forEach(SingleConnectionDataSource::destroy);
		this.connection.destroy();
	}

}
