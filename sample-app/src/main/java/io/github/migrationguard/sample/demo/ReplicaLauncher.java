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
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.migrationguard.sample.embedded.EmbeddedDatabase;

/**
 * Starts replicas of the application that this process runs, each with a name and a port
 * of its own.
 *
 * @author Migration Guard
 */
class ReplicaLauncher implements AutoCloseable {

	/**
	 * A fast start matters more than a fast run, and many JVMs share one machine.
	 */
	private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
			"-Xshare:auto", "-Xmx128m");

	private final EmbeddedDatabase database;

	private final Path logs;

	private final Path temporary;

	private final DemoOptions options;

	private final ReplicaApplication application;

	private int nextPort;

	ReplicaLauncher(EmbeddedDatabase database, Path logs, Path temporary, DemoOptions options) throws IOException {
		this.database = database;
		this.logs = logs;
		this.temporary = temporary;
		this.options = options;
		this.nextPort = options.port();
		this.application = new ReplicaApplication(temporary.resolve("application"));
	}

	Replica launch(int number) throws IOException {
		String name = "orders-" + number;
		int port = freePort();
		List<String> arguments = new ArrayList<>(command(name));
		arguments.add("--server.port=" + port);
		arguments.addAll(policy());
		ProcessBuilder command = new ProcessBuilder(arguments);
		command.environment().put("HOSTNAME", name);
		return new Replica(name, port, this.logs.resolve(name + ".log"), command);
	}

	private List<String> policy() {
		BlockerOptions blocker = this.options.blocker();
		return (blocker != null) ? List.of("--migration-guard.blockers.policy=" + blocker.policy(),
				"--migration-guard.blockers.patience=" + blocker.patience()) : List.of();
	}

	/**
	 * Start a version of the service without the latest changes, which migrates and ends.
	 * @param log where it logs to
	 * @return the process
	 * @throws IOException if it cannot be started
	 */
	Process launchFirstVersion(Path log) throws IOException {
		List<String> arguments = new ArrayList<>(command("orders-1.0"));
		arguments.add("--migration-guard.job.enabled=true");
		arguments.addAll(this.options.tool().firstVersion());
		return new ProcessBuilder(arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

	private int freePort() {
		int port = this.nextPort;
		while (!free(port)) {
			port++;
		}
		this.nextPort = port + 1;
		return port;
	}

	private boolean free(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private List<String> command(String name) {
		List<String> command = new ArrayList<>();
		command.add(ReplicaApplication.JAVA);
		command.addAll(JVM_OPTIONS);
		command.add("-Djava.io.tmpdir=" + this.temporary);
		command.addAll(this.application.arguments());
		command.add("--spring.datasource.url=" + this.database.url());
		command.add("--spring.datasource.username=" + this.database.username());
		command.add("--spring.profiles.active=" + this.options.tool());
		command.add("--orders.backfill-seconds=" + this.options.seconds());
		command.add("--spring.main.banner-mode=off");
		command.add("--migration-guard.instance-id=" + name);
		command.add("--migration-guard.shutdown.grace=2s");
		return command;
	}

	@Override
	public void close() {
		this.application.close();
	}

}
