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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import io.github.migrationguard.testsupport.HostProcess.Kind;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

/**
 * Starts {@link HostedReplica replicas} in processes that are used again by the next
 * replica, unless they were killed.
 *
 * @author Migration Guard
 */
public final class ReplicaHosts implements AutoCloseable {

	private static final List<String> USED = List.of("io.github.migrationguard.", ".DataSourceAutoConfiguration",
			".LiquibaseAutoConfiguration", ".FlywayAutoConfiguration", ".JdbcTemplateAutoConfiguration",
			".JdbcClientAutoConfiguration", ".ApplicationAvailabilityAutoConfiguration", ".LifecycleAutoConfiguration",
			".ObservationAutoConfiguration", ".MetricsAutoConfiguration", ".TaskSchedulingAutoConfiguration",
			".TaskExecutionAutoConfiguration");

	/**
	 * What replicas without a web server have no use for costs each of them time.
	 */
	private static final String UNUSED = StreamSupport
		.stream(ImportCandidates.load(AutoConfiguration.class, null).spliterator(), false)
		.filter((candidate) -> USED.stream().noneMatch(candidate::contains))
		.collect(Collectors.joining(","));

	private final Path directory;

	private final AtomicInteger number = new AtomicInteger();

	private final Set<HostProcess> used = ConcurrentHashMap.newKeySet();

	/**
	 * Create the hosts of a test class.
	 * @param test the test class
	 */
	public ReplicaHosts(Class<?> test) {
		this.directory = TestFiles.directory("replicas", test.getSimpleName());
	}

	/**
	 * Prepare a replica with Migration Guard on its class path.
	 * @param database its database
	 * @param migrations its migrations
	 * @return a builder
	 */
	public Builder guarded(TestDatabase database, Migrations migrations) {
		return new Builder(database, migrations, Kind.GUARDED);
	}

	/**
	 * Prepare a replica of the same service as it would be without Migration Guard.
	 * @param database its database
	 * @param migrations its migrations
	 * @return a builder
	 */
	public Builder stock(TestDatabase database, Migrations migrations) {
		return new Builder(database, migrations, Kind.STOCK);
	}

	/**
	 * Return where the replicas have their files.
	 * @return the directory
	 */
	public Path directory() {
		return this.directory;
	}

	private HostProcess host(Kind kind) {
		HostProcess host = HostPool.take(kind, () -> newDirectory("host"));
		this.used.add(host);
		return host;
	}

	void giveBack(HostProcess host) {
		this.used.remove(host);
		HostPool.giveBack(host);
	}

	private Path newDirectory(String prefix) {
		try {
			return Files.createTempDirectory(this.directory, prefix + "-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.used.forEach((host) -> host.process().destroyForcibly());
		this.used.forEach((host) -> host.process().onExit().join());
	}

	/**
	 * Prepares a replica.
	 */
	public final class Builder {

		private final Migrations migrations;

		private final Map<String, Object> properties = new LinkedHashMap<>();

		private final List<String> held = new ArrayList<>();

		private Kind kind;

		private String name;

		private Builder(TestDatabase database, Migrations migrations, Kind kind) {
			this.migrations = migrations;
			this.kind = kind;
			this.name = "pod-" + ReplicaHosts.this.number.incrementAndGet();
			property("spring.datasource.url", database.url());
			property("spring.datasource.username", database.username());
			property("spring.datasource.password", database.password());
			property("spring.datasource.hikari.maximum-pool-size", 2);
			property("spring.datasource.hikari.minimum-idle", 0);
			property("spring.main.banner-mode", "off");
			property("spring.main.register-shutdown-hook", true);
			property("spring.autoconfigure.exclude", UNUSED);
		}

		/**
		 * Set a property of the application.
		 * @param name the name of the property
		 * @param value its value
		 * @return this builder
		 */
		public Builder property(String name, Object value) {
			this.properties.put(name, value);
			return this;
		}

		/**
		 * Name the replica.
		 * @param name the instance id
		 * @return this builder
		 */
		public Builder name(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Hold the replica where an observation stops.
		 * @param point the name of the observation
		 * @return this builder
		 */
		public Builder hold(String point) {
			this.held.add(point);
			return this;
		}

		/**
		 * Start its process by another command.
		 * @param launcher the command, which gets the one of the JVM as its arguments
		 * @return this builder
		 */
		public Builder launcher(List<String> launcher) {
			this.kind = new Kind(this.kind.guarded(), launcher, this.kind.environment());
			return this;
		}

		/**
		 * Add to the environment of its process.
		 * @param environment the variables
		 * @return this builder
		 */
		public Builder environment(Map<String, String> environment) {
			this.kind = new Kind(this.kind.guarded(), this.kind.launcher(), environment);
			return this;
		}

		/**
		 * Start the replica.
		 * @return the replica, which is just starting
		 */
		public HostedReplica start() {
			Path directory = newDirectory(this.name);
			Map<String, Object> properties = new LinkedHashMap<>(this.migrations.install(directory));
			properties.put("migration-guard.instance-id", this.name);
			properties.putAll(this.properties);
			HostedReplica replica = new HostedReplica(this.name, directory, host(this.kind), ReplicaHosts.this);
			this.held.forEach(replica::hold);
			replica.start(properties);
			return replica;
		}

	}

}
