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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.migrationguard.sample.OrdersApplication;
import io.github.migrationguard.sample.demo.Reader.Readings;
import io.github.migrationguard.sample.embedded.EmbeddedDatabaseException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.system.ApplicationHome;

/**
 * One run of the demonstration: starts a {@link Fleet} and shows it until all of its
 * replicas are ready.
 *
 * @author Migration Guard
 */
class DemoRun {

	private static final int FAILED = 1;

	private static final int INTERRUPTED = 130;

	private final DemoOptions options;

	private final Path logs;

	private final Fleet fleet;

	private final Screen screen;

	private final ScheduledExecutorService watch;

	private final ReplicaProbe probe = new ReplicaProbe();

	private final Instant startedAt = Instant.now();

	private volatile String headline = "starting PostgreSQL";

	private volatile int before;

	private volatile @Nullable Disturbance disturbance;

	private volatile boolean interrupted;

	private volatile boolean finished;

	DemoRun(DemoOptions options) throws IOException {
		this.options = options;
		this.logs = prepareLogs(options);
		this.fleet = new Fleet(options, this.logs);
		this.screen = Screen.open(options.plain());
		this.watch = Executors.newScheduledThreadPool(1 + options.replicas());
	}

	private static Path prepareLogs(DemoOptions options) throws IOException {
		if (options.logs() != null) {
			return Files.createDirectories(options.logs());
		}
		Path home = new ApplicationHome(OrdersApplication.class).getDir().toPath();
		return Files.isWritable(home) ? Files.createDirectories(fromHere(home.resolve("demo-logs")))
				: Files.createTempDirectory("orders-demo-logs");
	}

	private static Path fromHere(Path path) {
		Path here = Path.of("").toAbsolutePath();
		return path.startsWith(here) ? here.relativize(path) : path;
	}

	/**
	 * Run until all replicas are ready or have ended.
	 * @return the exit code
	 * @throws IOException if a process cannot be started
	 * @throws SQLException if the database refuses what is to be in the way
	 */
	int run() throws IOException, SQLException {
		Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "demo-interrupt"));
		try {
			return startAndWatch();
		}
		catch (IOException | SQLException | RuntimeException ex) {
			if (this.interrupted) {
				return INTERRUPTED;
			}
			if (ex instanceof EmbeddedDatabaseException) {
				this.screen.print(List.of("", " " + ex.getMessage()));
				this.screen.print(Summary.endOf(this.fleet.databaseLog()));
				return FAILED;
			}
			throw ex;
		}
		finally {
			stop();
			this.finished = true;
		}
	}

	private int startAndWatch() throws IOException, SQLException {
		this.watch.scheduleWithFixedDelay(this::show, 0, 100, TimeUnit.MILLISECONDS);
		String version = this.fleet.startDatabase();
		if (this.options.blocker() == null) {
			this.headline = "%d replicas start at once on an empty PostgreSQL %s".formatted(this.options.replicas(),
					version);
		}
		else if (!disturb(this.options.blocker(), version)) {
			return this.interrupted ? INTERRUPTED : failFirstVersion();
		}
		this.fleet.startReplicas(this::watch);
		List<ReplicaOutcome> outcomes = this.fleet.replicas().stream().map(Replica::awaitOutcome).toList();
		return this.interrupted ? INTERRUPTED : finish(outcomes);
	}

	private boolean disturb(BlockerOptions options, String version) throws IOException, SQLException {
		this.headline = "an older version of the service fills PostgreSQL " + version;
		if (!this.fleet.migrateFirstVersion()) {
			return false;
		}
		this.before = this.fleet.countApplied();
		this.disturbance = this.fleet.disturb(options);
		this.headline = "%d replicas change a table that is read, and that somebody has forgotten to let go"
			.formatted(this.options.replicas());
		return true;
	}

	private int failFirstVersion() throws IOException {
		this.screen.print(Summary.endOf(this.fleet.firstVersionLog()));
		return FAILED;
	}

	private void show() {
		Frame frame = frame();
		this.screen.show(frame);
		if (this.disturbance != null) {
			this.disturbance.look(frame);
		}
	}

	private int finish(List<ReplicaOutcome> outcomes) throws IOException {
		this.watch.shutdown();
		Frame frame = frame();
		this.screen.show(frame);
		this.screen.print(report(outcomes, frame));
		if (outcomes.stream().anyMatch(ReplicaOutcome::failed)) {
			return FAILED;
		}
		if (this.options.stay()) {
			stay();
		}
		return 0;
	}

	private void watch(Replica replica) {
		this.watch.scheduleWithFixedDelay(() -> replica.look(this.probe), 0, 50, TimeUnit.MILLISECONDS);
	}

	private Frame frame() {
		Instant now = Instant.now();
		List<ReplicaSnapshot> snapshots = this.fleet.replicas().stream().map(Replica::snapshot).toList();
		Readings readings = (this.disturbance != null) ? this.disturbance.readings() : null;
		return new Frame(this.headline, now, Duration.between(this.startedAt, now), this.logs, snapshots, readings);
	}

	private List<String> report(List<ReplicaOutcome> outcomes, Frame frame) throws IOException {
		List<String> lines = new ArrayList<>(
				Summary.lines(this.options.tool(), outcomes, this.fleet.lastChange(), this.before));
		if (this.disturbance != null) {
			lines.addAll(Summary.of(this.disturbance, frame.attempts()));
		}
		for (int i = 0; i < outcomes.size(); i++) {
			if (outcomes.get(i).failed()) {
				lines.addAll(Summary.endOf(this.fleet.replicas().get(i).log()));
			}
		}
		return lines;
	}

	private void stay() {
		this.screen.print(Summary.stay(this.fleet.replicas().get(0).snapshot().port()));
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void interrupt() {
		if (!this.finished) {
			this.interrupted = true;
			stop();
			System.out.println(" Stopped; no process and no database is left behind.");
		}
	}

	private void stop() {
		this.watch.shutdown();
		try {
			this.screen.close();
		}
		finally {
			if (this.disturbance != null) {
				this.disturbance.close();
			}
			this.fleet.close();
		}
	}

}
