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

package io.github.migrationguard.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import javax.sql.DataSource;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.Migrator;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.flyway.FlywayMigrators;
import io.github.migrationguard.liquibase.LiquibaseMigrators;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Settings;
import io.micrometer.observation.ObservationRegistry;
import org.flywaydb.core.Flyway;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A process with many guards, each with a migrator, a session and a thread that starts it
 * of its own, as if it were the only one. It prints what becomes of each, and answers
 * every line of its input with what it uses itself.
 *
 * @author Migration Guard
 */
public final class GuardsProcess {

	private static final Duration PATIENCE = Duration.ofMinutes(30);

	private final PrintStream out = System.out;

	private final MigrationTool tool;

	private final Path directory;

	private final DriverManagerDataSource dataSource;

	private GuardsProcess(MigrationTool tool, Path directory, String url, String username, String password) {
		this.tool = tool;
		this.directory = directory;
		this.dataSource = new DriverManagerDataSource(url, username, password);
	}

	/**
	 * Start guards, and end with the input.
	 * @param args tool, directory of the migrations, URL, role and password of the
	 * database, name of the instances and how many there are
	 * @throws IOException if the input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		GuardsProcess process = new GuardsProcess(MigrationTool.valueOf(args[0]), Path.of(args[1]), args[2], args[3],
				args[4]);
		for (int number = 1; number <= Integer.parseInt(args[6]); number++) {
			process.start(args[5] + "-" + number);
		}
		process.answer();
	}

	private void start(String instance) {
		MigrationGuard guard = new MigrationGuard(
				Settings.of(instance, MigrationRole.MIGRATE, SchemaAhead.WARN, PATIENCE), ObservationRegistry.NOOP);
		guard.register(migrator(this.dataSource));
		new Thread(() -> migrate(guard), "main-of-" + instance).start();
	}

	private Migrator migrator(DataSource dataSource) {
		if (this.tool == MigrationTool.LIQUIBASE) {
			return LiquibaseMigrators.of(dataSource, this.directory, "classpath:/changelog.sql", "public");
		}
		return FlywayMigrators.of(Flyway.configure()
			.dataSource(dataSource)
			.locations("filesystem:" + this.directory.resolve("db/migration"))
			.load());
	}

	private void migrate(MigrationGuard guard) {
		try {
			guard.migrate();
			print(new Ending(guard.getInstance(), guard.getStatus().get(0).state(), System.currentTimeMillis()));
		}
		catch (RuntimeException ex) {
			ex.printStackTrace(this.out);
			print(new Ending(guard.getInstance(), guard.getStatus().get(0).state(), System.currentTimeMillis()));
		}
	}

	private void print(Object line) {
		this.out.println(line.toString());
	}

	private void answer() throws IOException {
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		while (input.readLine() != null) {
			print(usage());
		}
	}

	private static Usage usage() {
		System.gc();
		long threads = Thread.getAllStackTraces().keySet().stream().filter(GuardsProcess::isOfGuard).count();
		return new Usage(heapAfterCollection(), ManagementFactory.getThreadMXBean().getThreadCount(), (int) threads);
	}

	/**
	 * What is allocated since then, by those who go on to wait, does not count.
	 */
	private static long heapAfterCollection() {
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.mapToLong((pool) -> pool.getCollectionUsage().getUsed())
			.sum();
	}

	private static boolean isOfGuard(Thread thread) {
		return thread.getName().startsWith("migration-guard");
	}

}
