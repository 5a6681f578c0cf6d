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

import java.time.Duration;
import java.util.Map;

/**
 * A PostgreSQL server for one test alone, with as many connections as that needs. It does
 * not log statements, but counts transactions: a session without any open transaction
 * executes each statement in one of its own.
 *
 * @author Migration Guard
 */
public final class OwnServer implements AutoCloseable {

	private static final String TRANSACTIONS = "select xact_commit + xact_rollback from pg_stat_database where datname = ?";

	private final PostgresServer server;

	private OwnServer(int maxConnections) {
		this.server = PostgresServer.start("own", Map.of("max_connections", Integer.toString(maxConnections),
				"log_statement", "none", "log_connections", "off", "log_disconnections", "off"));
	}

	/**
	 * Start a server.
	 * @param maxConnections how many connections it accepts
	 * @return the running server
	 */
	public static OwnServer start(int maxConnections) {
		return new OwnServer(maxConnections);
	}

	/**
	 * Create a database that belongs to a login role of its own.
	 * @return the new database
	 */
	public TestDatabase createDatabase() {
		return this.server.createDatabase();
	}

	/**
	 * Return how many transactions the server has counted in a database. A session tells
	 * it about its own at most once a second.
	 * @param database the database
	 * @return the number of transactions
	 */
	public long transactions(TestDatabase database) {
		return this.server.superuser("postgres").sql(TRANSACTIONS).param(database.name()).query(Long.class).single();
	}

	/**
	 * Return how much processor time the processes of this server have used that still
	 * live.
	 * @return user and system time
	 */
	public Duration processorTime() {
		int checkpointer = this.server.superuser("postgres")
			.sql("select pid from pg_stat_activity where backend_type = 'checkpointer'")
			.query(Integer.class)
			.single();
		ProcessHandle postmaster = ProcessHandle.of(checkpointer).flatMap(ProcessHandle::parent).orElseThrow();
		return postmaster.children()
			.map((child) -> child.info().totalCpuDuration().orElse(Duration.ZERO))
			.reduce(Duration.ZERO, Duration::plus);
	}

	/**
	 * Let the server answer nothing any more, as if its machine had stopped.
	 */
	public void freeze() {
		this.server.freeze();
	}

	/**
	 * Let the server go on after {@link #freeze()}.
	 */
	public void thaw() {
		this.server.thaw();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
