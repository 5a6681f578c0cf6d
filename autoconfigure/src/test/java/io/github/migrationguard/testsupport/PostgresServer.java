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

package io.github.migrationguard.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server: the one of this JVM, started when the first test asks for a
 * database and stopped with the JVM, or one of its own for a test that stops it. It logs
 * every statement to a file that {@link StatementLog} reads.
 *
 * @author Migration Guard
 */
public final class PostgresServer implements AutoCloseable {

	private static final Map<String, String> SETTINGS = Map.of("log_statement", "all", "log_connections", "on",
			"log_disconnections", "on", "log_line_prefix", StatementLog.LINE_PREFIX, "log_timezone", "UTC",
			"log_directory", TestFiles.directory("postgres").toString(), "wal_keep_size", "64MB", "max_wal_size",
			"256MB");

	private final AtomicInteger databases = new AtomicInteger();

	private final String name;

	private final Map<String, String> settings;

	private final Path dataDirectory;

	private EmbeddedPostgres postgres;

	private PostgresServer(String name, Map<String, String> settings, boolean temporary) {
		this.name = name + "-" + ProcessHandle.current().pid();
		this.settings = settings;
		this.dataDirectory = DataDirectories.of("data-" + this.name);
		this.postgres = start(builder().setCleanDataDirectory(temporary));
		configure();
	}

	private PostgresServer(Path dataDirectory, Map<String, String> settings, int port) {
		this.name = dataDirectory.getFileName().toString();
		this.settings = settings;
		this.dataDirectory = dataDirectory;
		this.postgres = start(builder().setCleanDataDirectory(false).setPort(port));
	}

	/**
	 * Start a server from a copy of this one.
	 */
	PostgresServer startCopy(Path dataDirectory, int port) {
		return new PostgresServer(dataDirectory, this.settings, port);
	}

	/**
	 * Start a server that is closed by the caller. What is committed survives its crash.
	 * @param name its name
	 * @param settings settings that it is started with
	 * @return the running server
	 */
	public static PostgresServer start(String name, Map<String, String> settings) {
		return new PostgresServer(name + "-" + Ports.next(), settings, false);
	}

	private static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
		try {
			return builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private EmbeddedPostgres.Builder builder() {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setDataDirectory(this.dataDirectory)
			.setServerConfig("synchronous_commit", "on");
		this.settings.forEach(builder::setServerConfig);
		return builder.setServerConfig("logging_collector", "on")
			.setServerConfig("max_prepared_transactions", "10")
			.setPGStartupWait(Duration.ofMinutes(1));
	}

	private void configure() {
		JdbcClient client = superuser("postgres");
		Map<String, String> settings = new HashMap<>(SETTINGS);
		settings.put("log_filename", logFile().getFileName().toString());
		settings.forEach((name, value) -> client.sql("alter system set %s = '%s'".formatted(name, value)).update());
		client.sql("select pg_reload_conf()").query(Boolean.class).single();
		Awaiting.await("statement log")
			.until(() -> client.sql("show log_line_prefix")
				.query(String.class)
				.single()
				.equals(StatementLog.LINE_PREFIX));
	}

	static PostgresServer get() {
		return Holder.INSTANCE;
	}

	/**
	 * Create a database that belongs to a login role of its own, which owns nothing else
	 * and has no further right.
	 * @return the new database
	 */
	public TestDatabase createDatabase() {
		return TestDatabase.create(this, "test_" + this.databases.incrementAndGet());
	}

	/**
	 * Return a client for the superuser.
	 * @param database the name of a database
	 * @return a client that connects for each statement
	 */
	public JdbcClient superuser(String database) {
		return JdbcClient.create(dataSource(database));
	}

	DataSource dataSource(String database) {
		return this.postgres.getDatabase("postgres", database, Map.of("ApplicationName", "test"));
	}

	Path dataDirectory() {
		return this.dataDirectory;
	}

	int port() {
		return this.postgres.getPort();
	}

	Path logFile() {
		return TestFiles.directory("postgres").resolve(this.name + ".log");
	}

	/**
	 * Let users log in from other hosts.
	 * @param network the network, as in {@code pg_hba.conf}
	 */
	public void admit(String network) {
		try {
			Files.writeString(this.dataDirectory.resolve("pg_hba.conf"), "%nhost all all %s trust%n".formatted(network),
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		superuser("postgres").sql("select pg_reload_conf()").query(Boolean.class).single();
	}

	/**
	 * Stop the server and start it again, on the same port.
	 * @param signal how it is stopped: {@code INT} (fast), {@code QUIT} (immediate) or
	 * {@code KILL} (as a crash would)
	 */
	public void restart(String signal) {
		stop(signal);
		int port = port();
		try {
			this.postgres.close();
			Files.deleteIfExists(this.dataDirectory.resolve("postmaster.pid"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.postgres = start(builder().setCleanDataDirectory(false).setPort(port));
	}

	/**
	 * Stop the server.
	 * @param signal as for {@link #restart(String)}
	 */
	public void stop(String signal) {
		ProcessHandle postmaster = postmaster();
		List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
		Signals.send(signal, postmaster.pid());
		Awaiting.await("end of the server").until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
	}

	/**
	 * Freeze all processes of the server. As long as the first of them is frozen, those
	 * that end stay known to the system.
	 */
	void freeze() {
		ProcessHandle postmaster = postmaster();
		Signals.send("STOP", postmaster.pid());
		postmaster.descendants().forEach((process) -> Signals.send("STOP", process.pid()));
	}

	/**
	 * Let all processes of the server go on.
	 */
	void thaw() {
		ProcessHandle postmaster = postmaster();
		postmaster.descendants().forEach((process) -> Signals.send("CONT", process.pid()));
		Signals.send("CONT", postmaster.pid());
	}

	private ProcessHandle postmaster() {
		try {
			String pid = Files.readAllLines(this.dataDirectory.resolve("postmaster.pid")).get(0);
			return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.postgres.close();
			FileSystemUtils.deleteRecursively(this.dataDirectory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Holder {

		private static final PostgresServer INSTANCE = new PostgresServer("server", Map.of(), true);

	}

}
