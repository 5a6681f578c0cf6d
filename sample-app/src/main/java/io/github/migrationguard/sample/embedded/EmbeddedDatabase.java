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

package io.github.migrationguard.sample.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server with one empty database. Closing it, from any thread and at any
 * time, stops the server and removes its files; what a killed process leaves behind is
 * removed when a later one starts.
 *
 * @author Migration Guard
 */
public final class EmbeddedDatabase implements AutoCloseable {

	private static final String SUPERUSER = "postgres";

	private static final String NAME = "orders";

	private final EmbeddedPostgres.Builder builder;

	private final File directory = new File(workingDirectory(), UUID.randomUUID().toString());

	private @Nullable EmbeddedPostgres server;

	private boolean closed;

	/**
	 * Create a database that is not started yet.
	 */
	public EmbeddedDatabase() {
		this.builder = EmbeddedPostgres.builder()
			.setDataDirectory(this.directory)
			.setLocaleConfig("locale", "C")
			.setPGStartupWait(Duration.ofMinutes(1))
			.setRegisterShutdownHook(false);
	}

	private static File workingDirectory() {
		// The library looks here, and only here, for what a killed process left behind
		File temporary = new File(System.getProperty("java.io.tmpdir"), "embedded-pg");
		return new File(System.getProperty("ot.epg.working-dir", temporary.getPath()));
	}

	/**
	 * Write the messages of the server to a file instead of the log.
	 * @param file the file to append to
	 * @return this database
	 */
	public EmbeddedDatabase withOutput(File file) {
		this.builder.setOutputRedirector(ProcessBuilder.Redirect.appendTo(file));
		return this;
	}

	/**
	 * Change a setting of the server.
	 * @param setting the name of the setting
	 * @param value the value of the setting
	 * @return this database
	 */
	public EmbeddedDatabase withSetting(String setting, String value) {
		this.builder.setServerConfig(setting, value);
		return this;
	}

	/**
	 * Start the server.
	 * @return this database
	 */
	public synchronized EmbeddedDatabase start() {
		Assert.state(!this.closed, "The database is closed");
		try {
			this.server = this.builder.start();
			create(JdbcClient.create(this.server.getPostgresDatabase()));
			return this;
		}
		catch (IOException | RuntimeException ex) {
			close();
			throw new EmbeddedDatabaseException(ex);
		}
	}

	private void create(JdbcClient client) {
		client.sql("create role " + NAME + " login").update();
		client.sql("create database " + NAME + " owner " + NAME).update();
	}

	/**
	 * Return the URL of the database.
	 * @return the URL, without a user
	 */
	public String url() {
		return "jdbc:postgresql://localhost:%d/%s".formatted(server().getPort(), NAME);
	}

	/**
	 * Return the user that owns the database and needs no password.
	 * @return the name of the user
	 */
	public String username() {
		return NAME;
	}

	/**
	 * Return a data source that connects to the database as a superuser.
	 * @return a data source without a pool
	 */
	public DataSource superuser() {
		return server().getDatabase(SUPERUSER, NAME);
	}

	/**
	 * Connect as {@link #username()}.
	 * @param applicationName the name of the application that connects
	 * @return a connection
	 * @throws SQLException if the database refuses it
	 */
	public Connection connect(String applicationName) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", username());
		properties.setProperty("ApplicationName", applicationName);
		return DriverManager.getConnection(url(), properties);
	}

	private synchronized EmbeddedPostgres server() {
		Assert.state(this.server != null, "The database is not started");
		return this.server;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		EmbeddedPostgres server = this.server;
		if (server != null) {
			// Not in this thread: Spring interrupts it when it gives up a start-up
			CompletableFuture.runAsync(() -> stop(server)).join();
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

	private void stop(EmbeddedPostgres server) {
		try {
			server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
