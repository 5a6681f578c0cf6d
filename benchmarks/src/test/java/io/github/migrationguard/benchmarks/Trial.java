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

package io.github.migrationguard.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.awaitility.core.ConditionTimeoutException;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One engine, a database of its own and what is started on it, all gone when the trial is
 * closed.
 *
 * @author Migration Guard
 */
final class Trial implements AutoCloseable {

	/**
	 * How long anything may take that is not measured.
	 */
	static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Duration SHORTEST = Duration.ofMillis(50);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	private static final Pattern READY = Pattern.compile("Ready at (\\S+)");

	private final Engine engine;

	private final TestDatabase database;

	private final Replicas replicas;

	Trial(Engine engine, String row) {
		this.engine = engine;
		this.database = TestDatabase.create();
		this.replicas = Replicas.on(this.database, "benchmarks", row, engine.subject().id());
	}

	Engine engine() {
		return this.engine;
	}

	TestDatabase database() {
		return this.database;
	}

	JdbcClient superuser() {
		return this.database.superuser();
	}

	/**
	 * Spare the server the log of statements, where these are not counted.
	 */
	void logNoStatements() {
		superuser().sql("alter database %s set log_statement = 'none'".formatted(this.database.name())).update();
	}

	/**
	 * Prepare replicas without an archive of their classes.
	 * @param workload their change sets
	 */
	ReplicaBuilder replica(Workload workload) {
		var migrations = workload.of(this.engine.tool());
		ReplicaBuilder builder = this.engine.isGuarded() ? this.replicas.guarded(migrations)
				: this.replicas.stock(migrations);
		builder.application("io.github.migrationguard.benchmarks.service.BenchmarkService",
				EngineClassPath.of(this.engine));
		this.engine.properties().forEach(builder::property);
		return builder;
	}

	/**
	 * Write change sets to a directory of their own.
	 * @param migrations the change sets
	 * @return the directory
	 */
	Path install(Migrations migrations) {
		try {
			Path root = Files.createDirectories(EngineClassPath.target().resolve("workloads"));
			Path directory = Files.createTempDirectory(root, this.database.name());
			migrations.install(directory);
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start replicas.
	 * @param workload their change sets
	 * @param count how many
	 */
	List<Replica> start(Workload workload, int count) {
		ReplicaBuilder builder = archived(workload);
		List<Replica> replicas = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			replicas.add(builder.start());
		}
		return List.copyOf(replicas);
	}

	/**
	 * Prepare replicas.
	 * @param workload their change sets
	 */
	ReplicaBuilder archived(Workload workload) {
		return replica(workload)
			.jvmOption(Profile.jvmOption(this.engine).orElseGet(() -> ClassArchive.jvmOption(this.engine)));
	}

	/**
	 * Wait until a replica says that it accepts traffic, and ask it whether it does.
	 * @param replica the replica
	 * @param limit how long to wait
	 * @return whether it is ready
	 */
	boolean awaitReady(Replica replica, Duration limit) {
		await(limit, () -> isReady(replica) || !replica.isAlive());
		return isReady(replica) && await(Duration.ofSeconds(20), () -> replica.readiness() == 200);
	}

	/**
	 * Wait until replicas are ready or gone.
	 * @param replicas the replicas
	 * @param limit how long to wait for all of them
	 * @return those that are ready
	 */
	List<Replica> awaitReady(List<Replica> replicas, Duration limit) {
		Instant end = Instant.now().plus(limit);
		return replicas.stream().filter((replica) -> awaitReady(replica, until(end))).toList();
	}

	private static Duration until(Instant end) {
		Duration left = Duration.between(Instant.now(), end);
		return (left.compareTo(SHORTEST) > 0) ? left : SHORTEST;
	}

	static boolean isReady(Replica replica) {
		return READY.matcher(replica.log()).find();
	}

	/**
	 * Return since when a replica accepts traffic, by its own account.
	 * @param replica the replica, ready
	 */
	static Instant readyAt(Replica replica) {
		Matcher matcher = READY.matcher(replica.log());
		if (!matcher.find()) {
			throw new IllegalStateException(replica + " is not ready");
		}
		return Instant.parse(matcher.group(1));
	}

	/**
	 * Wait for a condition.
	 * @param limit how long to wait
	 * @param condition the condition
	 * @return whether it came true
	 */
	static boolean await(Duration limit, Callable<Boolean> condition) {
		try {
			Awaiting.await("condition").pollInterval(POLL_INTERVAL).atMost(limit).until(condition);
			return true;
		}
		catch (ConditionTimeoutException ex) {
			return false;
		}
	}

	/**
	 * Wait for what has to come.
	 * @param what what is awaited
	 * @param condition the condition
	 */
	static void require(String what, Callable<Boolean> condition) {
		if (!await(PATIENCE, condition)) {
			throw new IllegalStateException("No %s within %s".formatted(what, PATIENCE));
		}
	}

	/**
	 * Let time pass.
	 * @param duration how much
	 */
	static void pause(Duration duration) {
		await(duration, () -> false);
	}

	static double seconds(Instant from, Instant to) {
		return Duration.between(from, to).toNanos() / 1e9;
	}

	@Override
	public void close() {
		this.replicas.close();
		this.database.drop();
	}

}
