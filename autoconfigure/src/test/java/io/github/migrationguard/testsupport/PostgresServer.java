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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The PostgreSQL server of this JVM, started when the first test asks for a database and
 * stopped with the JVM. It logs every statement to a file that {@link StatementLog}
 * reads.
 *
 * @author Migration Guard
 */
final class PostgresServer {

	private static final Map<String, String> SETTINGS = Map.of("log_statement", "all", "log_connections", "on",
			"log_disconnections", "on", "log_line_prefix", StatementLog.LINE_PREFIX, "log_timezone", "UTC",
			"log_directory", TestFiles.directory("postgres").toString(), "log_filename", logFile().toString(),
			"wal_keep_size", "64MB");

	private final AtomicInteger databases = new AtomicInteger();

	private final EmbeddedPostgres postgres;

	private PostgresServer() {
		try {
			this.postgres = configure(EmbeddedPostgres.builder()).setDataDirectory(dataDirectory()).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		configure();
	}

	private PostgresServer(EmbeddedPostgres postgres) {
		this.postgres = postgres;
	}

	static PostgresServer of(EmbeddedPostgres postgres) {
		return new PostgresServer(postgres);
	}

	/**
	 * What a standby has to have, too.
	 */
	EmbeddedPostgres.Builder configure(EmbeddedPostgres.Builder builder) {
		return builder.setServerConfig("logging_collector", "on")
			.setServerConfig("max_prepared_transactions", "10")
			.setPGStartupWait(Duration.ofMinutes(1));
	}

	private void configure() {
		JdbcClient client = superuser("postgres");
		SETTINGS.forEach((name, value) -> client.sql("alter system set %s = '%s'".formatted(name, value)).update());
		client.sql("select pg_reload_conf()").query(Boolean.class).single();
		Awaiting.await("statement log")
			.until(() -> client.sql("show log_statement").query(String.class).single().equals("all"));
	}

	static PostgresServer get() {
		return Holder.INSTANCE;
	}

	/**
	 * Create a database that belongs to a login role of its own, which owns nothing else
	 * and has no further right.
	 * @return the new database
	 */
	TestDatabase createDatabase() {
		return TestDatabase.create(this, "test_" + this.databases.incrementAndGet());
	}

	JdbcClient superuser(String database) {
		return JdbcClient.create(dataSource(database));
	}

	DataSource dataSource(String database) {
		return this.postgres.getDatabase("postgres", database, Map.of("ApplicationName", "test"));
	}

	Path dataDirectory() {
		return TestFiles.directory("postgres").resolve("data-" + ProcessHandle.current().pid());
	}

	int port() {
		return this.postgres.getPort();
	}

	static Path logFile() {
		return Path.of("server-" + ProcessHandle.current().pid() + ".log");
	}

	private static final class Holder {

		private static final PostgresServer INSTANCE = new PostgresServer();

	}

}
