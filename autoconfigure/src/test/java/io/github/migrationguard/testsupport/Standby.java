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
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A hot standby of the PostgreSQL server of this JVM: streams from it until it is
 * promoted.
 *
 * @author Migration Guard
 */
public final class Standby implements AutoCloseable {

	/**
	 * What belongs to the running primary, or is streamed.
	 */
	private static final Set<String> NOT_COPIED = Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_stat_tmp",
			"postmaster.pid", "postmaster.opts", "epg-lock");

	private final Path directory;

	private final PostgresServer primary;

	private final PostgresServer server;

	private Standby(PostgresServer primary) {
		this.primary = primary;
		int port = Ports.next();
		this.directory = DataDirectories.of("standby-%d-%d".formatted(ProcessHandle.current().pid(), port));
		try {
			copy(primary);
			this.server = primary.startCopy(this.directory, port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start a standby.
	 * @return the running standby
	 */
	public static Standby start() {
		return of(PostgresServer.get());
	}

	/**
	 * Start a standby of another server than the one of this JVM.
	 * @param primary the server
	 * @return the running standby
	 */
	public static Standby of(PostgresServer primary) {
		return new Standby(primary);
	}

	/**
	 * Return the standby as a server, also after it was promoted.
	 * @return the server
	 */
	public PostgresServer server() {
		return this.server;
	}

	private void copy(PostgresServer primary) throws IOException, SQLException {
		try (Connection connection = primary.dataSource("postgres").getConnection();
				Statement statement = connection.createStatement()) {
			boolean renamed = connection.getMetaData().getDatabaseMajorVersion() >= 15;
			statement.execute(renamed ? "select pg_backup_start('standby', true)"
					: "select pg_start_backup('standby', true, false)");
			Files.walkFileTree(primary.dataDirectory(), new Copy(primary.dataDirectory()));
			try (ResultSet row = statement.executeQuery("select labelfile from %s"
				.formatted(renamed ? "pg_backup_stop(false)" : "pg_stop_backup(false, false)"))) {
				row.next();
				Files.writeString(this.directory.resolve("backup_label"), row.getString(1));
			}
		}
		Files.createFile(this.directory.resolve("standby.signal"));
		Files.writeString(this.directory.resolve("postgresql.auto.conf"), """
				primary_conninfo = 'host=localhost port=%d user=postgres application_name=test'
				log_filename = '%s.log'
				""".formatted(primary.port(), this.directory.getFileName()), StandardOpenOption.APPEND);
	}

	public String url(TestDatabase database) {
		return database.on(this.server).url();
	}

	/**
	 * Return a URL that leads to the primary, whichever of the two servers that is.
	 * @param database the database
	 * @return the JDBC URL
	 */
	public String urlOfPrimary(TestDatabase database) {
		return "jdbc:postgresql://localhost:%d,localhost:%d/%s?targetServerType=primary".formatted(this.primary.port(),
				this.server.port(), database.name());
	}

	/**
	 * Return a client for the superuser.
	 * @param database the database
	 * @return a client that connects for each statement
	 */
	public JdbcClient superuser(TestDatabase database) {
		return this.server.superuser(database.name());
	}

	/**
	 * Wait until all that was committed by now on the primary is visible here.
	 */
	public void awaitReplay() {
		String location = this.primary.superuser("postgres")
			.sql("select pg_current_wal_insert_lsn()::text")
			.query(String.class)
			.single();
		JdbcClient client = this.server.superuser("postgres");
		Awaiting.await("replay")
			.until(() -> client.sql("select pg_last_wal_replay_lsn() >= ?::pg_lsn")
				.param(location)
				.query(Boolean.class)
				.single());
	}

	/**
	 * Make it a primary.
	 */
	public void promote() {
		this.server.superuser("postgres").sql("select pg_promote(true, 60)").query(Boolean.class).single();
	}

	@Override
	public void close() {
		this.server.close();
	}

	/**
	 * Copies the files of a running server, of which some may vanish meanwhile.
	 */
	private final class Copy extends SimpleFileVisitor<Path> {

		private final Path source;

		private Copy(Path source) {
			this.source = source;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes) throws IOException {
			copy(source);
			return isCopied(source) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
		}

		@Override
		public FileVisitResult visitFile(Path source, BasicFileAttributes attributes) throws IOException {
			if (isCopied(source)) {
				copy(source);
			}
			return FileVisitResult.CONTINUE;
		}

		private boolean isCopied(Path source) {
			return !NOT_COPIED.contains(source.getFileName().toString());
		}

		private void copy(Path source) throws IOException {
			Path target = Standby.this.directory.resolve(this.source.relativize(source));
			try {
				Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
			}
			catch (NoSuchFileException ex) {
				// Dropped since the directory was read
			}
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
			if (ex instanceof NoSuchFileException) {
				return FileVisitResult.CONTINUE;
			}
			throw ex;
		}

	}

}
