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

package io.github.migrationguard.sample.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.migrationguard.sample.embedded.EmbeddedDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * The replicas and the database that they share. Closing it, from any thread and at any
 * time, ends every process and removes every file but the logs.
 *
 * @author Migration Guard
 */
class Fleet implements AutoCloseable {

	private static final String FIND_VERSION = "select current_setting('server_version')";

	private final Tool tool;

	private final int count;

	private final Path logs;

	private final Path temporary;

	private final EmbeddedDatabase database = new EmbeddedDatabase();

	private final ReplicaLauncher launcher;

	private final List<Replica> replicas = new CopyOnWriteArrayList<>();

	private @Nullable Process firstVersion;

	private boolean closed;

	Fleet(DemoOptions options, Path logs) throws IOException {
		this.tool = options.tool();
		this.count = options.replicas();
		this.logs = logs;
		this.temporary = Files.createTempDirectory("orders-demo");
		this.launcher = new ReplicaLauncher(this.database, logs, this.temporary, options);
	}

	/**
	 * Start the database.
	 * @return the version of the server
	 * @throws IOException if its log cannot be written
	 */
	synchronized String startDatabase() throws IOException {
		Assert.state(!this.closed, "The fleet is closed");
		Path log = databaseLog();
		Files.deleteIfExists(log);
		this.database.withOutput(log.toFile()).withSetting("track_commit_timestamp", "on").start();
		return query(FIND_VERSION, String.class);
	}

	Path databaseLog() {
		return this.logs.resolve("postgresql.log");
	}

	/**
	 * Let a version of the service without the latest changes make the tables.
	 * @return whether it did
	 * @throws IOException if the process cannot be started
	 */
	boolean migrateFirstVersion() throws IOException {
		return launchFirstVersion().onExit().join().exitValue() == 0;
	}

	private synchronized Process launchFirstVersion() throws IOException {
		Assert.state(!this.closed, "The fleet is closed");
		Process process = this.launcher.launchFirstVersion(firstVersionLog());
		this.firstVersion = process;
		return process;
	}

	Path firstVersionLog() {
		return this.logs.resolve("orders-1.0.log");
	}

	/**
	 * Start what makes the migration difficult.
	 * @param options what to do about it
	 * @return the disturbance, to be closed before this
	 * @throws SQLException if the database refuses it
	 */
	synchronized Disturbance disturb(BlockerOptions options) throws SQLException {
		Assert.state(!this.closed, "The fleet is closed");
		return new Disturbance(this.database, options);
	}

	int countApplied() {
		return query(this.tool.countApplied(), Integer.class);
	}

	/**
	 * Start the replicas.
	 * @param started told of each replica as it is started
	 * @throws IOException if a process cannot be started
	 */
	synchronized void startReplicas(Consumer<Replica> started) throws IOException {
		Assert.state(!this.closed, "The fleet is closed");
		for (int i = 1; i <= this.count; i++) {
			Replica replica = this.launcher.launch(i);
			this.replicas.add(replica);
			started.accept(replica);
		}
	}

	List<Replica> replicas() {
		return this.replicas;
	}

	/**
	 * Find out when the last change was committed.
	 * @return the moment, or {@code null} if nothing was changed
	 */
	@Nullable Instant lastChange() {
		try {
			return query(this.tool.findLastChange(), Timestamp.class).toInstant();
		}
		catch (DataAccessException ex) {
			return null;
		}
	}

	private <T> T query(String sql, Class<T> type) {
		return JdbcClient.create(this.database.superuser()).sql(sql).query(type).single();
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.firstVersion != null) {
			this.firstVersion.destroyForcibly().onExit().join();
		}
		this.replicas.forEach(Replica::terminate);
		this.replicas.forEach(Replica::awaitEnd);
		this.launcher.close();
		this.database.close();
		FileSystemUtils.deleteRecursively(this.temporary.toFile());
	}

}
