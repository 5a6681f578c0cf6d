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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of the packages of Debian, which bring the client programs that the
 * embedded one lacks. A client dumps no server that is newer than itself.
 *
 * @author Migration Guard
 */
public final class PackagedPostgres implements AutoCloseable {

	private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");

	private static final List<String> PROGRAMS = List.of("initdb", "pg_ctl", "pg_dump");

	private final Path programs;

	private final int port = Ports.next();

	private final Path directory = DataDirectories
		.of("packaged-%d-%d".formatted(ProcessHandle.current().pid(), this.port));

	private PackagedPostgres(Path programs) {
		this.programs = programs;
		run("initdb", "-D", this.directory.toString(), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync");
		run("pg_ctl", "-D", this.directory.toString(), "-l", this.directory.resolve("log").toString(), "-w", "-o",
				"-F -h 127.0.0.1 -p %d -c unix_socket_directories=''".formatted(this.port), "start");
	}

	/**
	 * Start a server.
	 * @return the running server
	 */
	public static PackagedPostgres start() {
		Path programs = findPrograms();
		if (programs == null) {
			throw new IllegalStateException("No packages of PostgreSQL are installed");
		}
		return new PackagedPostgres(programs);
	}

	static boolean isInstalled() {
		return findPrograms() != null;
	}

	private static @Nullable Path findPrograms() {
		if (!Files.isDirectory(INSTALLATIONS)) {
			return null;
		}
		try (DirectoryStream<Path> versions = Files.newDirectoryStream(INSTALLATIONS)) {
			for (Path version : versions) {
				Path programs = version.resolve("bin");
				if (PROGRAMS.stream().map(programs::resolve).allMatch(Files::isExecutable)) {
					return programs;
				}
			}
			return null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The server refuses to run as root, in whose user namespace everybody is somebody
	 * else.
	 */
	private void run(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		if (System.getProperty("user.name").equals("root")) {
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(TestFiles.directory("postgres").resolve(this.directory.getFileName() + ".log").toFile())
				.start();
			if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
				throw new IllegalStateException(command + " failed");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a data source without a pool.
	 * @param role the role to connect as, which needs no password
	 * @return a data source that connects each time
	 */
	public DataSource dataSource(String role) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setPortNumbers(new int[] { this.port });
		dataSource.setDatabaseName("postgres");
		dataSource.setUser(role);
		return dataSource;
	}

	/**
	 * Start to dump all there is. The dump goes on as soon as its output is read.
	 * @return the dump
	 */
	public Process dump() {
		try {
			return new ProcessBuilder(this.programs.resolve("pg_dump").toString(), "-h", "127.0.0.1", "-p",
					String.valueOf(this.port), "-U", "postgres", "postgres")
				.redirectError(this.directory.resolve("dump.log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		run("pg_ctl", "-D", this.directory.toString(), "-m", "immediate", "-w", "stop");
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
