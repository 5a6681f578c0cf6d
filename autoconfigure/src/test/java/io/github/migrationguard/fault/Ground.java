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

package io.github.migrationguard.fault;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.migrationguard.testsupport.NetworkNode;
import io.github.migrationguard.testsupport.PostgresServer;
import io.github.migrationguard.testsupport.ReplicaHosts;
import io.github.migrationguard.testsupport.Standby;
import io.github.migrationguard.testsupport.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * What the replicas stand on, and faults shake.
 *
 * @author Migration Guard
 */
final class Ground implements AutoCloseable {

	private final PostgresServer server;

	private final ReplicaHosts hosts;

	private final Queue<TestDatabase> idle = new ConcurrentLinkedQueue<>();

	private @Nullable Standby standby;

	private @Nullable NetworkNode node;

	private @Nullable Clock clock;

	Ground(ReplicaHosts hosts) {
		this.server = PostgresServer.start("fault", Map.of("listen_addresses", "*"));
		this.hosts = hosts;
	}

	PostgresServer server() {
		return this.server;
	}

	/**
	 * Return a database with nothing in it. To create one takes longer than to empty one.
	 */
	TestDatabase takeDatabase() {
		TestDatabase empty = this.idle.poll();
		return (empty != null) ? empty : this.server.createDatabase();
	}

	/**
	 * Let the next one have a database.
	 */
	void giveBack(TestDatabase database) {
		database.clear();
		this.idle.add(database);
	}

	ReplicaHosts hosts() {
		return this.hosts;
	}

	/**
	 * Let replicas find the primary among two servers from now on.
	 */
	void startStandby() {
		this.standby = Standby.of(this.server);
	}

	/**
	 * Return the URL for replicas on the given database, if it is not that of the
	 * database itself.
	 */
	Optional<String> url(TestDatabase database) {
		return Optional.ofNullable(this.standby).map((standby) -> standby.urlOfPrimary(database));
	}

	Standby standby() {
		return Objects.requireNonNull(this.standby);
	}

	/**
	 * Return a host from which the server is reached over a network that can be cut.
	 */
	synchronized NetworkNode node() {
		if (this.node == null) {
			this.node = new NetworkNode();
			this.server.admit(this.node.network());
		}
		return this.node;
	}

	/**
	 * Return a clock that can be set.
	 */
	synchronized Clock clock() {
		if (this.clock == null) {
			this.clock = new Clock(this.hosts.directory());
		}
		return this.clock;
	}

	void set(String setting, String value) {
		this.server.superuser("postgres").sql("alter system set %s = %s".formatted(setting, value)).update();
		this.server.superuser("postgres").sql("select pg_reload_conf()").query(Boolean.class).single();
	}

	@Override
	public void close() {
		if (this.standby != null) {
			this.standby.close();
		}
		if (this.node != null) {
			this.node.close();
		}
		this.server.close();
	}

}
