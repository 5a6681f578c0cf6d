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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.migrationguard.sample.OrdersApplication;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DemoRun}, in a process of its own as a user starts it.
 *
 * @author Migration Guard
 */
class DemoRunTests {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	/**
	 * Shared by the tests because it takes seconds to unpack the server into it.
	 */
	private static final Path SERVERS = Path.of("target", "embedded-pg").toAbsolutePath();

	@TempDir
	private Path temporary;

	private final Map<String, String> environment = new HashMap<>();

	private Process demo;

	private final List<ProcessHandle> started = new ArrayList<>();

	@AfterEach
	void killWhatIsLeft() {
		this.demo.destroyForcibly();
		this.started.forEach(ProcessHandle::destroyForcibly);
	}

	@Test
	void oneReplicaMigratesTheOtherWaitsAndNothingIsLeftBehind() throws Exception {
		start("--replicas=2", "--seconds=3");
		awaitOutput("WAITING, lock held by orders-");
		rememberStartedProcesses();
		assertThat(exitCode()).isZero();
		assertThat(output()).contains("MIGRATING, lock held by orders-", "All 2 replicas are ready.",
				"applied 12 change sets", "waited ");
		assertNothingIsLeft();
	}

	@Test
	void sessionThatIsInTheWayIsShownAndMigrationGoesOnWhenItsOwnerEndsIt() throws Exception {
		start("--tool=flyway", "--replicas=2", "--seconds=1", "--blocker", "--patience=2");
		awaitOutput("blocker  psql (pid ");
		rememberStartedProcesses();
		assertThat(exitCode()).isZero();
		assertThat(output())
			.contains("IDLE_IN_TRANSACTION, holds AccessShareLock on orders", "BACKING_OFF",
					"All 2 replicas are ready.", "applied 5 migrations", "In the end  its owner ended the transaction")
			.containsPattern("Attempts    V8__add_order_total.sql: [A-Z_]+ after .*, APPLIED after ")
			.containsPattern("Readers     longest stall .*, \\d+ of [1-9]\\d* reads");
		assertNothingIsLeft();
	}

	/**
	 * The first change after the start needs the table that is held: nobody but the
	 * migration ends that.
	 */
	@Test
	void migrationEndsWhatIsInTheWayAndInterruptStopsEverything() throws Exception {
		start("--replicas=2", "--seconds=120", "--blocker", "--policy=terminate", "--patience=1");
		awaitOutput("WAITING, lock held by orders-");
		awaitOutput("8/12 applied");
		rememberStartedProcesses();
		this.demo.destroy();
		assertThat(exitCode()).isNotZero();
		assertThat(output()).contains("blocker  psql (pid ", "Stopped").doesNotContain("are ready");
		assertNothingIsLeft();
	}

	@Test
	void replicaThatFailsIsShownWithTheEndOfItsLog() throws Exception {
		this.environment.put("SPRING_LIQUIBASE_CHANGE_LOG", "classpath:/missing.yaml");
		start("--replicas=1");
		assertThat(exitCode()).isOne();
		assertThat(output()).contains("1 of 1 replicas failed",
				"The end of " + this.temporary.resolve("logs/orders-1.log"), "missing.yaml");
		assertNothingIsLeft();
	}

	private void start(String... options) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("-XX:TieredStopAtLevel=1");
		command.add("-Djava.io.tmpdir=" + Files.createDirectory(this.temporary.resolve("tmp")));
		command.add("-Dot.epg.working-dir=" + SERVERS);
		command
			.addAll(List.of("-cp", System.getProperty("java.class.path"), OrdersApplication.class.getName(), "demo"));
		command.addAll(List.of("--port=21081", "--logs=" + this.temporary.resolve("logs")));
		command.addAll(List.of(options));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(outputFile().toFile());
		builder.environment().putAll(this.environment);
		this.demo = builder.start();
	}

	private void awaitOutput(String text) throws IOException {
		await().atMost(PATIENCE).until(() -> output().contains(text) || !this.demo.isAlive());
		assertThat(output()).contains(text);
	}

	private void rememberStartedProcesses() throws IOException {
		this.demo.descendants().forEach(this.started::add);
		this.started.add(server());
		assertThat(this.started).hasSizeGreaterThanOrEqualTo(3).allMatch(this::isRunning);
	}

	/**
	 * The server is no descendant: it was detached from the process that started it.
	 */
	private ProcessHandle server() throws IOException {
		Path directory = dataDirectories().get(0);
		long pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).get(0));
		return ProcessHandle.of(pid).orElseThrow();
	}

	private int exitCode() throws InterruptedException {
		assertThat(this.demo.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		return this.demo.exitValue();
	}

	private void assertNothingIsLeft() throws IOException {
		assertThat(this.started).noneMatch(this::isRunning);
		assertThat(dataDirectories()).isEmpty();
		assertThat(this.temporary.resolve("tmp")).isEmptyDirectory();
	}

	/**
	 * A process that has ended counts as alive until somebody waits for it, which not
	 * every container does.
	 */
	private boolean isRunning(ProcessHandle process) {
		return process.isAlive() && process.info().command().isPresent();
	}

	private List<Path> dataDirectories() throws IOException {
		try (Stream<Path> directories = Files.list(SERVERS)) {
			return directories.filter((directory) -> !directory.getFileName().toString().startsWith("PG-")).toList();
		}
	}

	private String output() throws IOException {
		return Files.readString(outputFile());
	}

	private Path outputFile() {
		return this.temporary.resolve("output.txt");
	}

}
