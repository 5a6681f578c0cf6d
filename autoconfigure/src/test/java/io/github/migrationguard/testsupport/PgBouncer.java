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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A real PgBouncer in front of a {@link TestDatabase}. It starts in some milliseconds, so
 * each test has its own.
 *
 * @author Migration Guard
 */
public final class PgBouncer implements AutoCloseable {

	private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin",
			"/opt/homebrew/bin");

	private final TestDatabase database;

	private final int port = Ports.next();

	private final Process process;

	private PgBouncer(TestDatabase database, Mode mode, int poolSize, String... settings) {
		this.database = database;
		this.process = start(write(mode, poolSize, settings));
		Awaiting.await("PgBouncer").until(this::isUp);
	}

	/**
	 * Start a PgBouncer.
	 * @param database the database behind it
	 * @param mode what it pools
	 * @return the running PgBouncer
	 */
	public static PgBouncer start(TestDatabase database, Mode mode) {
		return start(database, mode, 20);
	}

	/**
	 * Start a PgBouncer.
	 * @param database the database behind it
	 * @param mode what it pools
	 * @param poolSize how many sessions of the server it has at most
	 * @param settings more of its settings, as in {@code name = value}
	 * @return the running PgBouncer
	 */
	public static PgBouncer start(TestDatabase database, Mode mode, int poolSize, String... settings) {
		return new PgBouncer(database, mode, poolSize, settings);
	}

	static boolean isInstalled() {
		return findExecutable() != null;
	}

	private static @Nullable Path findExecutable() {
		Stream<String> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"));
		return Stream.concat(path, DIRECTORIES.stream())
			.map((directory) -> Path.of(directory, "pgbouncer"))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	private Path write(Mode mode, int poolSize, String... settings) {
		Path directory = TestFiles.directory("pgbouncer", this.database.name() + "-" + this.port);
		Path users = directory.resolve("users.txt");
		Path configuration = directory.resolve("pgbouncer.ini");
		try {
			Files.writeString(users, "\"%s\" \"%s\"%n".formatted(this.database.username(), this.database.password()));
			Files.writeString(configuration, """
					[databases]
					%s = host=127.0.0.1 port=%d
					[pgbouncer]
					listen_addr = 127.0.0.1
					listen_port = %d
					unix_socket_dir =
					auth_type = trust
					auth_file = %s
					pool_mode = %s
					default_pool_size = %d
					%s
					""".formatted(this.database.name(), PostgresServer.get().port(), this.port, users,
					mode.name().toLowerCase(Locale.ROOT), poolSize, String.join("\n", settings)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return configuration;
	}

	/**
	 * PgBouncer refuses to run as root, but knows how to become somebody else.
	 */
	private static Process start(Path configuration) {
		Path executable = findExecutable();
		if (executable == null) {
			throw new IllegalStateException("PgBouncer is not installed");
		}
		List<String> command = new ArrayList<>(List.of(executable.toString()));
		if (System.getProperty("user.name").equals("root")) {
			command.addAll(List.of("-u", "nobody"));
		}
		command.add(configuration.toString());
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(configuration.resolveSibling("output.log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isUp() {
		if (!this.process.isAlive()) {
			throw new AssertionError("PgBouncer exited with " + this.process.exitValue());
		}
		try (Connection connection = DriverManager.getConnection(url("ApplicationName=test&prepareThreshold=0"),
				this.database.username(), this.database.password())) {
			return connection.isValid(10);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	public String url() {
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(this.port, this.database.name());
	}

	/**
	 * Return the JDBC URL with parameters.
	 * @param parameters the parameters, such as {@code prepareThreshold=0}
	 * @return the URL
	 */
	public String url(String parameters) {
		return url() + "?" + parameters;
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What is given back to the pool, and when.
	 */
	public enum Mode {

		/**
		 * The session of the server, when the client disconnects.
		 */
		SESSION,

		/**
		 * The session of the server, after each transaction.
		 */
		TRANSACTION,

		/**
		 * The session of the server, after each statement.
		 */
		STATEMENT

	}

}
