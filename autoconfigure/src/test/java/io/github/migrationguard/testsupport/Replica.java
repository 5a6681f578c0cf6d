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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A replica of the test application: one process, as Kubernetes would see it.
 *
 * @author Migration Guard
 */
public final class Replica {

	private static final int UNREACHABLE = 0;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Pattern GUARD_CLASS = Pattern
		.compile("io\\.github\\.migrationguard\\.(?!testapp\\.|web\\.|actuate\\.PagePolicyFilter).*");

	private static final int LINES_OF_LOG = 60;

	private static final Pattern MARKER = Pattern.compile("Marker (\\w+): (\\w+) units");

	private static final HttpClient httpClient = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(PATIENCE)
		.build();

	private static final JsonMapper jsonMapper = JsonMapper.shared();

	private final String name;

	private final Process process;

	private final Path log;

	/**
	 * What the process had logged before this replica was started in it.
	 */
	private final long logged;

	private final int port;

	private final int actuatorPort;

	private final @Nullable HostProcess host;

	/**
	 * Something was done to the process that leaves it unfit for another replica.
	 */
	private boolean hit;

	Replica(String name, Process process, Path log, int port, int actuatorPort) {
		this(name, process, null, log, 0, port, actuatorPort);
	}

	Replica(String name, HostProcess host, int port, int actuatorPort) {
		this(name, host.process(), host, host.log(), host.logged(), port, actuatorPort);
	}

	private Replica(String name, Process process, @Nullable HostProcess host, Path log, long logged, int port,
			int actuatorPort) {
		this.name = name;
		this.process = process;
		this.host = host;
		this.log = log;
		this.logged = logged;
		this.port = port;
		this.actuatorPort = actuatorPort;
	}

	/**
	 * Return the name, which is also the instance id.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return the process as the operating system knows it.
	 * @return the process
	 */
	public ProcessHandle process() {
		return this.process.toHandle();
	}

	/**
	 * Send a business request.
	 * @return the response
	 */
	public HttpResponse<String> hello() {
		return get(this.port, "/hello");
	}

	/**
	 * Ask Actuator.
	 * @param path the path below {@code /actuator}
	 * @return the response
	 */
	public HttpResponse<String> actuator(String path) {
		return get(this.actuatorPort, "/actuator" + path);
	}

	/**
	 * Return the status of the liveness probe.
	 * @return the status, 0 if nobody answers
	 */
	public int liveness() {
		return status("/health/liveness");
	}

	/**
	 * Return the status of the readiness probe.
	 * @return the status, 0 if nobody answers
	 */
	public int readiness() {
		return status("/health/readiness");
	}

	/**
	 * Return whether the liveness probe is answered in time.
	 * @param timeout how long to wait for the answer
	 * @return {@code false} if there was no answer
	 */
	public boolean answers(Duration timeout) {
		try {
			return get(this.actuatorPort, "/actuator/health/liveness", timeout).statusCode() > 0;
		}
		catch (UnreachableException ex) {
			return false;
		}
	}

	/**
	 * Return the status of the endpoint, everything the replica knows.
	 * @return the body of {@code /actuator/migrations}
	 */
	public JsonNode migrations() {
		return jsonMapper.readTree(actuator("/migrations").body());
	}

	/**
	 * Return the part of the endpoint's status that is about the one migration.
	 * @return the entry for {@code liquibase} or {@code flyway}
	 */
	public JsonNode migration() {
		JsonNode migrations = migrations().path("migrations");
		return migrations.path(migrations.has("flyway") ? "flyway" : "liquibase");
	}

	/**
	 * Return the threads that belong to Migration Guard, by their name or by what they
	 * execute. Threads of the server that pass the gate with a request do not.
	 * @return the names of the threads
	 */
	public List<String> guardThreads() {
		return jsonMapper.readTree(actuator("/threaddump").body())
			.path("threads")
			.valueStream()
			.filter(Replica::isGuardThread)
			.map((thread) -> thread.path("threadName").asString(""))
			.toList();
	}

	private static boolean isGuardThread(JsonNode thread) {
		return thread.path("threadName").asString("").startsWith("migration-guard") || thread.path("stackTrace")
			.valueStream()
			.map((frame) -> frame.path("className").asString(""))
			.anyMatch((name) -> GUARD_CLASS.matcher(name).matches());
	}

	/**
	 * Return the state of the migrations, which the early probe tells, too.
	 * @return the state, empty while nobody answers
	 */
	public String state() {
		try {
			return migrations().path("state").asString("");
		}
		catch (UnreachableException ex) {
			return "";
		}
	}

	/**
	 * Wait until the readiness probe succeeds.
	 * @return this replica
	 */
	public Replica awaitReady() {
		Awaiting.await(this.name + " ready").until(this::isReady);
		return this;
	}

	boolean isReady() {
		return readiness() == 200 || failIfGone();
	}

	/**
	 * Wait until the last thing that starts by itself has started, see the test
	 * application.
	 * @return this replica
	 */
	public Replica awaitStarted() {
		Awaiting.await(this.name + " started").until(() -> markers().size() == 3 || failIfGone());
		return this;
	}

	/**
	 * Wait until the endpoint answers with a state.
	 * @param state the state
	 * @return this replica
	 */
	public Replica awaitState(String state) {
		Awaiting.await(this.name + " " + state).until(() -> state().equals(state) || failIfGone());
		return this;
	}

	/**
	 * Wait until a text is in the log.
	 * @param text the text
	 * @return this replica
	 */
	public Replica awaitLog(String text) {
		Awaiting.await(this.name + " logs '" + text + "'").until(() -> log().contains(text) || failIfGone());
		return this;
	}

	private boolean failIfGone() {
		if (!isAlive()) {
			throw new AssertionError("%s exited with %d:%n%s".formatted(this.name, this.process.exitValue(), this));
		}
		return false;
	}

	/**
	 * Wait until the process is gone.
	 * @return its exit code
	 */
	public int awaitExit() {
		Awaiting.await(this.name + " gone").until(() -> !isAlive());
		return this.process.exitValue();
	}

	/**
	 * Return what has started to work by itself, see the test application.
	 * @return the names, with the number of units each found recorded
	 */
	public Map<String, String> markers() {
		return MARKER.matcher(log())
			.results()
			.collect(Collectors.toMap((result) -> result.group(1), (MatchResult result) -> result.group(2)));
	}

	/**
	 * Return everything the process printed so far.
	 * @return the output
	 */
	public String log() {
		try (InputStream output = Files.newInputStream(this.log)) {
			output.skipNBytes(this.logged);
			return new String(output.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End it, if it has not ended yet, without asking any more of it.
	 */
	void end() {
		if (this.host != null && !this.hit && isAlive() && hasStarted()) {
			this.host.closeReplica(this.name, this.logged);
			HostPool.giveBack(this.host);
			return;
		}
		kill9();
		awaitExit();
	}

	private boolean hasStarted() {
		return log().lines().anyMatch("Host ready"::equals);
	}

	public void kill9() {
		this.hit = true;
		this.process.destroyForcibly();
	}

	public void sigterm() {
		this.hit = true;
		this.process.destroy();
	}

	/**
	 * Freeze the process, as a long pause of its machine would.
	 */
	public void sigstop() {
		this.hit = true;
		Signals.send("STOP", this.process.pid());
	}

	/**
	 * Continue the process after {@link #sigstop()}.
	 */
	public void sigcont() {
		Signals.send("CONT", this.process.pid());
	}

	private int status(String path) {
		try {
			return actuator(path).statusCode();
		}
		catch (UnreachableException ex) {
			return UNREACHABLE;
		}
	}

	private HttpResponse<String> get(int port, String path) {
		return get(port, path, PATIENCE);
	}

	private HttpResponse<String> get(int port, String path, Duration timeout) {
		URI uri = URI.create("http://localhost:" + port + path);
		HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
		try {
			return httpClient.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UnreachableException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String toString() {
		List<String> lines = log().lines().toList();
		return lines.stream()
			.skip(Math.max(0, lines.size() - LINES_OF_LOG))
			.collect(Collectors.joining("\n", "%s, full log in %s:%n".formatted(this.name, this.log), "\n"));
	}

	/**
	 * Nobody answers on the port.
	 */
	static final class UnreachableException extends RuntimeException {

		UnreachableException(IOException cause) {
			super(cause);
		}

	}

}
