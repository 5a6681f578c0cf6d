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
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.testapp.ReplicaHost;

/**
 * The process of a {@link ReplicaHost}.
 *
 * @author Migration Guard
 */
final class HostProcess {

	private final Process process;

	private final PrintStream commands;

	private final Path log;

	private final Kind kind;

	private HostProcess(Process process, Path log, Kind kind) {
		this.process = process;
		this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.log = log;
		this.kind = kind;
	}

	static HostProcess start(Kind kind, Path log) {
		List<String> command = new ArrayList<>(kind.launcher());
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(ReplicaBuilder.JVM_OPTIONS);
		command.addAll(ReplicaArchive.jvmOptions(kind.guarded()));
		command.addAll(List.of("-cp", ReplicaClassPath.servlet().with(kind.guarded(), log.getParent()),
				ReplicaHost.class.getName()));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().putAll(kind.environment());
		try {
			return new HostProcess(builder.start(), log, kind);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Kind kind() {
		return this.kind;
	}

	/**
	 * Start a replica.
	 * @param command with or without a web server
	 * @param directory the directory of its files
	 * @param arguments its arguments
	 */
	void start(String command, Path directory, List<String> arguments) {
		try {
			Files.write(directory.resolve("arguments"), arguments);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		command(command + " " + directory);
	}

	/**
	 * End the replica that has started, and wait until it has ended, or the process.
	 * @param replica the replica, for the message if it does not end
	 * @param logged the number of bytes that were logged before it was started
	 */
	void closeReplica(Object replica, long logged) {
		command("close");
		Awaiting.await("end of " + replica)
			.until(() -> log(logged, logged()).contains("Host closed") || !this.process.isAlive());
	}

	void command(String command) {
		this.commands.println(command);
	}

	Process process() {
		return this.process;
	}

	Path log() {
		return this.log;
	}

	long logged() {
		return this.log.toFile().length();
	}

	/**
	 * Return what was logged between two numbers of bytes.
	 */
	String log(long from, long to) {
		try (FileChannel channel = FileChannel.open(this.log)) {
			ByteBuffer buffer = ByteBuffer.allocate((int) (to - from));
			channel.read(buffer, from);
			return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return "process %d, log %s".formatted(this.process.pid(), this.log);
	}

	/**
	 * What a host is started with.
	 *
	 * @param guarded whether Migration Guard is on its class path
	 * @param launcher the command that starts the JVM, empty to start it directly
	 * @param environment what is added to its environment
	 */
	record Kind(boolean guarded, List<String> launcher, Map<String, String> environment) {

		static final Kind GUARDED = new Kind(true, List.of(), Map.of());

		static final Kind STOCK = new Kind(false, List.of(), Map.of());

	}

}
