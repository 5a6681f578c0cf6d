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
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A replica of the test application without a web server, in a process that may have
 * served other replicas before.
 *
 * @author Migration Guard
 */
public final class HostedReplica {

	private static final String FAILED = "failed: ";

	private static final Pattern READY = Pattern.compile("Marker runner: (\\w+) units");

	private final String name;

	private final Path directory;

	private final HostProcess host;

	private final ReplicaHosts hosts;

	private final long logged;

	private boolean closed;

	/**
	 * A process that ends has no use for another replica.
	 */
	private volatile boolean terminated;

	private long loggedWhenClosed;

	HostedReplica(String name, Path directory, HostProcess host, ReplicaHosts hosts) {
		this.name = name;
		this.directory = directory;
		this.host = host;
		this.hosts = hosts;
		this.logged = host.logged();
	}

	void start(Map<String, Object> properties) {
		List<String> arguments = properties.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toList();
		this.host.start("start", this.directory, arguments);
	}

	private void write(String file, String content) {
		try {
			Files.writeString(this.directory.resolve(file), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the name, which is also the instance id.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return what the replica has logged.
	 * @return the lines
	 */
	public String log() {
		return this.host.log(this.logged, this.closed ? this.loggedWhenClosed : this.host.logged());
	}

	/**
	 * Return where the replica is.
	 * @return the progress of its start
	 */
	public Phase phase() {
		String end = end();
		if (end.isEmpty()) {
			return isAlive() ? Phase.STARTING : Phase.GONE;
		}
		return end.startsWith(FAILED) ? Phase.FAILED : Phase.READY;
	}

	private String end() {
		Path file = this.directory.resolve("end");
		try {
			return Files.exists(file) ? Files.readString(file) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return how many units were recorded when the replica began to work.
	 * @return the number of units, 0 if there was no history, empty if the database could
	 * not be asked at that moment
	 */
	public OptionalInt unitsWhenReady() {
		Matcher ready = READY.matcher(log());
		if (!ready.find() || ready.group(1).equals("unknown")) {
			return OptionalInt.empty();
		}
		return OptionalInt.of(ready.group(1).equals("no") ? 0 : Integer.parseInt(ready.group(1)));
	}

	/**
	 * Return why the replica has failed.
	 * @return the failure, empty if there is none
	 */
	public String failure() {
		String end = end();
		return end.startsWith(FAILED) ? end.substring(FAILED.length()) : "";
	}

	/**
	 * Wait until the start has ended.
	 * @return how it has ended
	 */
	public Phase awaitEnd() {
		return Awaiting.await("end of the start of " + this).until(this::phase, (phase) -> phase != Phase.STARTING);
	}

	/**
	 * Wait until a text is in the log.
	 * @param text the text
	 */
	public void awaitLog(String text) {
		Awaiting.await("'%s' in the log of %s".formatted(text, this)).until(() -> log().contains(text));
	}

	/**
	 * Hold the thread that migrates the next time that an observation stops.
	 * @param point the name of the observation
	 */
	public void hold(String point) {
		write("hold." + point, "");
	}

	/**
	 * Return whether the replica is held.
	 * @param point the name of the observation
	 * @return whether it has arrived
	 */
	public boolean isHeld(String point) {
		return Files.exists(this.directory.resolve("arrived." + point));
	}

	/**
	 * Let the replica go on that is held, or will not be held.
	 */
	public void release() {
		try (var files = Files.newDirectoryStream(this.directory, "hold.*")) {
			for (Path file : files) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public boolean isAlive() {
		return this.host.process().isAlive();
	}

	/**
	 * Return the exit code of the process, which is gone.
	 * @return the exit code
	 */
	public int exitCode() {
		return this.host.process().exitValue();
	}

	public void kill9() {
		this.host.process().destroyForcibly();
	}

	public void sigterm() {
		this.terminated = true;
		this.host.process().destroy();
	}

	/**
	 * Freeze the process.
	 */
	public void sigstop() {
		signal("STOP");
	}

	/**
	 * Let the process go on after {@link #sigstop()}.
	 */
	public void sigcont() {
		signal("CONT");
	}

	/**
	 * A process that is gone meanwhile does not mind.
	 */
	private void signal(String signal) {
		if (!isAlive()) {
			return;
		}
		try {
			Signals.send(signal, this.host.process().pid());
		}
		catch (IllegalStateException ex) {
			Awaiting.await("end of " + this + ", which takes no signal").until(() -> !isAlive());
		}
	}

	/**
	 * Interrupt a thread.
	 * @param thread the name of the thread
	 */
	public void interrupt(String thread) {
		this.host.command("interrupt " + thread);
	}

	/**
	 * Let the migrations be run again in the same context.
	 */
	public void runAgain() {
		this.host.command("again");
	}

	/**
	 * End the replica, and let the next one use its process.
	 */
	public void close() {
		if (this.closed) {
			return;
		}
		Phase phase = phase();
		if (phase == Phase.READY) {
			this.host.closeReplica(this, this.logged);
		}
		this.loggedWhenClosed = this.host.logged();
		this.closed = true;
		if (isAlive() && !this.terminated && phase != Phase.STARTING) {
			this.hosts.giveBack(this.host);
		}
		else {
			kill9();
		}
	}

	@Override
	public String toString() {
		return "%s in %s".formatted(this.name, this.host);
	}

	/**
	 * How far the start of a replica is.
	 */
	public enum Phase {

		/**
		 * It connects, waits or migrates.
		 */
		STARTING,

		/**
		 * It has started to work.
		 */
		READY,

		/**
		 * It has failed, which would have ended its process.
		 */
		FAILED,

		/**
		 * Its process has ended.
		 */
		GONE

	}

}
