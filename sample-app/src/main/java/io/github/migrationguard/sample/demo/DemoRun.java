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
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.migrationguard.sample.OrdersApplication;
import io.github.migrationguard.sample.embedded.EmbeddedDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.system.ApplicationHome;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * One run of the demonstration: a database, replicas that migrate it, and a screen that
 * shows them until all of them are ready.
 *
 * @author Migration Guard
 */
class DemoRun {

	private static final int LAST_LINES = 20;

	private static final String FIND_VERSION = "select current_setting('server_version')";

	private static final String FIND_LAST_CHANGE = """
			select pg_xact_commit_timestamp(xmin) from databasechangelog order by orderexecuted desc limit 1
			""";

	private final DemoOptions options;

	private final Screen screen;

	private final Path logs;

	private final Path temporary;

	private final EmbeddedDatabase database = new EmbeddedDatabase();

	private final List<Replica> replicas = new CopyOnWriteArrayList<>();

	private final ScheduledExecutorService watch;

	private volatile String headline = "starting PostgreSQL";

	private final Instant startedAt = Instant.now();

	private boolean stopped;

	DemoRun(DemoOptions options) throws IOException {
		this.options = options;
		this.logs = prepareLogs(options);
		this.temporary = Files.createTempDirectory("orders-demo");
		this.screen = Screen.open(options.plain());
		this.watch = Executors.newScheduledThreadPool(1 + options.replicas());
	}

	private static Path prepareLogs(DemoOptions options) throws IOException {
		Path logs = options.logs();
		if (logs != null) {
			return Files.createDirectories(logs);
		}
		Path home = new ApplicationHome(OrdersApplication.class).getDir().toPath();
		return Files.isWritable(home) ? Files.createDirectories(home.resolve("demo-logs"))
				: Files.createTempDirectory("orders-demo-logs");
	}

	/**
	 * Run until all replicas are ready or have ended.
	 * @return the exit code
	 * @throws IOException if a replica cannot be started
	 */
	int run() throws IOException {
		Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "demo-interrupted"));
		try {
			this.watch.scheduleWithFixedDelay(() -> this.screen.show(frame()), 0, 100, TimeUnit.MILLISECONDS);
			start();
			List<ReplicaOutcome> outcomes = this.replicas.stream().map(Replica::awaitOutcome).toList();
			report(outcomes);
			if (outcomes.stream().anyMatch(ReplicaOutcome::failed)) {
				return 1;
			}
			if (this.options.stay()) {
				awaitInterrupt();
			}
			return 0;
		}
		finally {
			stop();
		}
	}

	private synchronized void start() throws IOException {
		Assert.state(!this.stopped, "Interrupted");
		Path log = this.logs.resolve("postgresql.log");
		Files.deleteIfExists(log);
		this.database.withOutput(log.toFile()).withSetting("track_commit_timestamp", "on").start();
		this.headline = "%d replicas start at once on an empty PostgreSQL %s".formatted(this.options.replicas(),
				query(FIND_VERSION, String.class));
		ReplicaLauncher launcher = new ReplicaLauncher(this.database, this.logs, this.temporary, this.options);
		ReplicaProbe probe = new ReplicaProbe();
		for (int i = 1; i <= this.options.replicas(); i++) {
			Replica replica = launcher.launch(i);
			this.replicas.add(replica);
			this.watch.scheduleWithFixedDelay(() -> replica.look(probe), 0, 50, TimeUnit.MILLISECONDS);
		}
	}

	private Frame frame() {
		Instant now = Instant.now();
		List<ReplicaSnapshot> snapshots = this.replicas.stream().map(Replica::snapshot).toList();
		return new Frame(this.headline, now, Duration.between(this.startedAt, now), this.logs, snapshots);
	}

	private synchronized void report(List<ReplicaOutcome> outcomes) throws IOException {
		Assert.state(!this.stopped, "Interrupted");
		this.watch.shutdown();
		this.screen.show(frame());
		List<String> lines = new ArrayList<>(Summary.lines(outcomes, lastChange()));
		for (int i = 0; i < outcomes.size(); i++) {
			if (outcomes.get(i).failed()) {
				lines.addAll(Summary.failure(this.replicas.get(i).log(), this.replicas.get(i).lastLines(LAST_LINES)));
			}
		}
		this.screen.print(lines);
	}

	private @Nullable Instant lastChange() {
		try {
			return query(FIND_LAST_CHANGE, Timestamp.class).toInstant();
		}
		catch (DataAccessException ex) {
			return null;
		}
	}

	private <T> T query(String sql, Class<T> type) {
		return JdbcClient.create(this.database.superuser()).sql(sql).query(type).single();
	}

	private void awaitInterrupt() {
		int port = this.replicas.get(0).snapshot().port();
		this.screen.print(List.of("", " They stay up until Ctrl-C.", "",
				" curl -s localhost:%d/actuator/migrations".formatted(port),
				" curl -s localhost:%d/orders/totals".formatted(port)));
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void interrupted() {
		if (stop()) {
			System.out.println(" Stopped; no process and no database is left behind.");
		}
	}

	/**
	 * Stop everything, once.
	 * @return whether there was something to stop
	 */
	private synchronized boolean stop() {
		if (this.stopped) {
			return false;
		}
		this.stopped = true;
		this.watch.shutdown();
		try {
			this.screen.close();
		}
		finally {
			this.replicas.forEach(Replica::terminate);
			this.replicas.forEach(Replica::awaitEnd);
			this.database.close();
			FileSystemUtils.deleteRecursively(this.temporary.toFile());
		}
		return true;
	}

}
