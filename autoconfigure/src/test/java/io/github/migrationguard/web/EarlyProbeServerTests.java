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

package io.github.migrationguard.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.SchemaAhead;
import io.github.migrationguard.autoconfigure.MigrationGuardProperties.EarlyProbeProperties.Enabled;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Settings;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EarlyProbeServer}.
 *
 * @author Migration Guard
 */
@ExtendWith(OutputCaptureExtension.class)
class EarlyProbeServerTests {

	private static final String LIVENESS = "/actuator/health/liveness";

	private final int port = freePort();

	private EarlyProbeServer server = server(Enabled.AUTO);

	@AfterEach
	void closeServer() {
		this.server.destroy();
	}

	@Test
	@Tag("security:S17")
	void answersUntilTheWebServerIsStarted() throws Exception {
		this.server.open();
		assertThat(status("GET", LIVENESS)).isEqualTo(200);
		assertThat(status("GET", "/actuator/health/readiness")).isEqualTo(503);
		assertThat(status("GET", "/actuator/migrations")).isEqualTo(200);
		assertThat(status("GET", "/orders")).isEqualTo(503);
		this.server.start();
		bindPort();
		assertNoThreads();
	}

	@Test
	void answersEveryMethod() throws Exception {
		this.server.open();
		assertThat(status("HEAD", LIVENESS)).isEqualTo(200);
		assertThat(status("POST", LIVENESS)).isEqualTo(200);
		assertThat(status("HEAD", "/orders")).isEqualTo(503);
	}

	@Test
	void isNotMisledByPaths() throws Exception {
		this.server.open();
		assertThat(status("GET", LIVENESS + "?full=true")).isEqualTo(200);
		assertThat(status("GET", "/orders/.." + LIVENESS)).isEqualTo(503);
		assertThat(status("GET", LIVENESS + "/more")).isEqualTo(503);
	}

	@Test
	@Tag("security:S17")
	void clientThatDoesNotFinishItsRequestKeepsNobodyWaiting() throws Exception {
		this.server.open();
		try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			slow.getOutputStream().write("GET /actuator/hea".getBytes(StandardCharsets.US_ASCII));
			assertThat(status("GET", LIVENESS)).isEqualTo(200);
			this.server.start();
			bindPort();
			assertNoThreads();
		}
	}

	@Test
	void portInUseIsTold(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket()) {
			taken.bind(new InetSocketAddress(this.port));
			this.server.open();
		}
		assertThat(output).contains("Health probes cannot be answered").contains("the port is in use");
		assertNoThreads();
	}

	@Test
	void failedSecondPortFreesTheFirst(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			this.server = server(Enabled.TRUE, "management.server.port=" + taken.getLocalPort(),
					"management.endpoint.health.probes.add-additional-paths=true");
			this.server.open();
		}
		assertThat(output).contains("WARN").contains("the port is in use");
		bindPort();
	}

	@Test
	void portThatIsNotFixedIsTold(CapturedOutput output) {
		this.server = server(Enabled.TRUE, "server.port=0");
		this.server.open();
		assertThat(output).contains("WARN").contains("the port of the web server is not fixed, or it speaks TLS only");
	}

	@Test
	void hostThatIsUnknownIsTold(CapturedOutput output) {
		this.server = server(Enabled.TRUE, "server.address=nowhere.invalid");
		this.server.open();
		assertThat(output).contains("Health probes cannot be answered");
		assertNoThreads();
	}

	@Test
	void isSilentWhenSwitchedOff() throws Exception {
		this.server = server(Enabled.FALSE);
		this.server.open();
		bindPort();
	}

	@Test
	void isSilentWithoutWebServer() throws Exception {
		this.server = new EarlyProbeServer(withPort(new GenericApplicationContext()), guard(), Enabled.TRUE);
		this.server.open();
		bindPort();
	}

	@Test
	void doesNotOpenAgainOnceTheWebServerIsStarted() throws Exception {
		this.server.start();
		this.server.open();
		bindPort();
	}

	private EarlyProbeServer server(Enabled enabled, String... properties) {
		AnnotationConfigServletWebServerApplicationContext context = new AnnotationConfigServletWebServerApplicationContext();
		withPort(context);
		TestPropertyValues.of(properties).applyTo(context);
		return new EarlyProbeServer(context, guard(), enabled);
	}

	private <C extends ConfigurableApplicationContext> C withPort(C context) {
		TestPropertyValues.of("server.port=" + this.port).applyTo(context);
		return context;
	}

	private static MigrationGuard guard() {
		return new MigrationGuard(
				Settings.of("orders-1", MigrationRole.MIGRATE, SchemaAhead.WARN, Duration.ofSeconds(1)),
				ObservationRegistry.NOOP);
	}

	private int status(String method, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.method(method, method.equals("POST") ? BodyPublishers.ofString("body") : BodyPublishers.noBody())
			.timeout(Duration.ofSeconds(30))
			.build();
		HttpResponse<Void> response = HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
		return response.statusCode();
	}

	/**
	 * As the web server does.
	 */
	private void bindPort() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(this.port));
		}
	}

	private static void assertNoThreads() {
		Awaiting.await("the end of all threads")
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.map(Thread::getName)
				.noneMatch((name) -> name.startsWith("migration-guard-probe") || name.startsWith("HTTP-Dispatcher")));
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
