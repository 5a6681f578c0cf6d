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
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import io.github.migrationguard.sample.demo.MigrationsStatus.Attempt;
import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReplicaProbe}.
 *
 * @author Migration Guard
 */
class ReplicaProbeTests {

	private final ReplicaProbe probe = new ReplicaProbe();

	private HttpServer server;

	private ReplicaSnapshot last;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.start();
		this.last = ReplicaSnapshot.started("orders-1", this.server.getAddress().getPort())
			.answered(503, Snapshots.waiting().migration());
	}

	@AfterEach
	void stopServer() {
		this.server.stop(0);
	}

	@Test
	void answerIsReadAndWhatIsNotKnownIsIgnored() {
		answer("/actuator/health/readiness", 503, "{}");
		answer("/actuator/migrations", 200,
				"""
						{"state": "WAITING", "unheardOf": 1, "migrations": {"liquibase": {"state": "WAITING", "tool": "liquibase",
						"lock": {"waitedFor": "PT12.3S", "holder": {"pid": 4242, "instance": "orders/orders-2", "user": "orders"}},
						"progress": {"applied": 3, "pending": 9,
						"current": {"id": "4.sql::add-total::alice", "startedAt": "2026-01-01T12:00:00Z"}, "percent": 62},
						"blockers": [{"pid": 999, "kind": "IDLE_IN_TRANSACTION", "direct": true, "applicationName": "psql",
						"transactionAge": "PT14M3S", "holds": "AccessShareLock on orders"}],
						"attempts": [{"number": 1, "startedAt": "2026-01-01T12:00:00Z", "took": "PT0.6S", "outcome": "STALL",
						"unit": "4.sql::add-total::alice", "blockers": [999]}]}}}
						""");
		ReplicaSnapshot snapshot = this.probe.look(ReplicaSnapshot.started("orders-1", this.last.port()));
		assertThat(snapshot.state()).isEqualTo("WAITING");
		assertThat(snapshot.readiness()).isEqualTo(503);
		assertThat(snapshot.ready()).isFalse();
		assertThat(snapshot.waitedFor()).isEqualTo(Duration.ofMillis(12_300));
		assertThat(Texts.holder(snapshot)).isEqualTo("orders-2 (4242)");
		assertThat(Texts.progress(snapshot)).isEqualTo("3/12");
		assertThat(snapshot.progress().current().startedAt()).isEqualTo(Snapshots.NOW);
		assertThat(snapshot.progress().percent()).isEqualTo(62);
		assertThat(snapshot.blockers()).containsExactly(new Blocker(999, "IDLE_IN_TRANSACTION", "psql",
				Duration.ofMinutes(14).plusSeconds(3), "AccessShareLock on orders"));
		assertThat(snapshot.attempts())
			.containsExactly(new Attempt(1, "4.sql::add-total::alice", Duration.ofMillis(600), "STALL", List.of(999)));
	}

	@Test
	void readyReplicaWithoutMigrationsIsStarted() {
		answer("/actuator/health/readiness", 200, "{}");
		answer("/actuator/migrations", 200, "{}");
		assertThat(this.probe.look(this.last).state()).isEqualTo("STARTED");
	}

	@Test
	void missingEndpointKeepsTheLastAnswer() {
		answer("/actuator/health/readiness", 200, "{}");
		ReplicaSnapshot snapshot = this.probe.look(this.last);
		assertThat(snapshot.ready()).isTrue();
		assertThat(snapshot.migration()).isEqualTo(this.last.migration());
	}

	@Test
	void nonsenseKeepsTheLastAnswer() {
		answer("/actuator/health/readiness", 503, "{}");
		answer("/actuator/migrations", 200, "<html>");
		assertThat(this.probe.look(this.last).migration()).isEqualTo(this.last.migration());
	}

	@Test
	void replicaThatDoesNotAnswerIsNotReady() {
		this.server.stop(0);
		ReplicaSnapshot snapshot = this.probe.look(this.last.answered(200, this.last.migration()));
		assertThat(snapshot.ready()).isFalse();
		assertThat(snapshot.readiness()).isZero();
		assertThat(snapshot.migration()).isEqualTo(this.last.migration());
	}

	private void answer(String path, int status, String body) {
		this.server.createContext(path, (exchange) -> {
			byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(status, bytes.length);
			try (OutputStream output = exchange.getResponseBody()) {
				output.write(bytes);
			}
		});
	}

}
