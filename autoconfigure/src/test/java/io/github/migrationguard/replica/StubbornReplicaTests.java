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

package io.github.migrationguard.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.migrationguard.testapp.StubbornChange;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.OwnServer;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for SIGTERM while the starting thread is in something that does not end by
 * itself. Each of them ends, or the test would not.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class StubbornReplicaTests {

	private static final String GRACE = "migration-guard.shutdown.grace";

	private static final String FOR_EVER = "1d";

	private static final String SHORT = "1s";

	/**
	 * Spring interrupts a thread that waits without a limit, as it does without Migration
	 * Guard.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "gate", "in-refresh" })
	void codeThatWaitsIsInterruptedBySpring(String mode, TestDatabase database, Replicas replicas) {
		Replica replica = stubborn(replicas, "waits").property(GRACE, FOR_EVER)
			.property("migration-guard.startup.mode", mode)
			.start();
		assertThatEnds(replica, 143);
		assertNothingIsLeft(database);
	}

	@Test
	void codeThatIgnoresTheCancelExecutesNothingMore(TestDatabase database, Replicas replicas) {
		Replica replica = stubborn(replicas, "ignores the cancel").property(GRACE, SHORT).start();
		Awaiting.await("the statement")
			.until(() -> database.sessions().stream().anyMatch((session) -> session.query().contains("pg_sleep")));
		assertThatEnds(replica, 143);
		assertThat(replica.log()).contains("Stubborn change goes on after 57014");
		assertNothingIsLeft(database);
	}

	@Test
	void codeThatWaitsWithLimitIsInterruptedAtLast(TestDatabase database, Replicas replicas) {
		Replica replica = stubborn(replicas, "waits with a limit").property(GRACE, SHORT).start();
		assertThatEnds(replica, 143);
		assertThat(replica.log()).doesNotContain("the JVM is halted").contains("HikariPool-1 - Shutdown completed");
		assertNothingIsLeft(database);
	}

	@Test
	void jvmIsHaltedForCodeThatIgnoresEverything(TestDatabase database, Replicas replicas) {
		Replica replica = stubborn(replicas, "computes").property(GRACE, SHORT).start();
		assertThatEnds(replica, 143);
		assertThat(replica.log()).contains("the JVM is halted");
		assertNothingIsLeft(database);
	}

	@Test
	void codeThatEndsTheJvmEndsItAtOnceWithItsExitCode(TestDatabase database, Replicas replicas) {
		Replica replica = stubborn(replicas, "exits").property(GRACE, FOR_EVER).start();
		assertThat(replica.awaitExit()).isEqualTo(3);
		assertThat(replica.markers()).isEmpty();
		assertNothingIsLeft(database);
	}

	@Test
	void statementOfServerThatIsFrozenIsCutOff(Replicas replicas) {
		try (OwnServer server = OwnServer.start(20)) {
			TestDatabase database = server.createDatabase();
			Replica replica = replicas.guarded(Changelog.empty().changeSet("slow", "select pg_sleep(86400)"))
				.property("spring.datasource.url", database.url())
				.property("spring.datasource.username", database.username())
				.property("spring.datasource.password", database.password())
				.property(GRACE, SHORT)
				.start();
			Awaiting.await("the statement")
				.until(() -> database.sessions().stream().anyMatch((session) -> session.query().contains("pg_sleep")));
			server.freeze();
			try {
				assertThatTerminates(replica, 143);
			}
			finally {
				server.thaw();
			}
			assertThat(replica.log()).doesNotContain("the JVM is halted");
		}
	}

	@Test
	void poolThatConnectsToServerThatNeverAnswersIsInterrupted(Replicas replicas) throws IOException {
		try (ServerSocket silent = new ServerSocket(0)) {
			Replica replica = replicas.guarded(Changelog.ofTables(1))
				.property("spring.datasource.url", url(silent))
				.property("spring.datasource.hikari.connection-timeout", Duration.ofDays(1).toMillis())
				.property(GRACE, FOR_EVER)
				.start();
			silent.accept();
			replica.awaitState("CONNECTING");
			assertThatTerminates(replica, 143);
			assertThat(replica.log()).doesNotContain("the JVM is halted");
		}
	}

	@Test
	void jvmIsHaltedWhereDriverConnectsWithoutLimit(Replicas replicas) throws IOException {
		try (ServerSocket silent = new ServerSocket(0)) {
			Replica replica = replicas.guarded(Changelog.ofTables(1))
				.property("spring.datasource.url", url(silent))
				.property("spring.datasource.type", DriverManagerDataSource.class.getName())
				.property(GRACE, SHORT)
				.start();
			silent.accept();
			replica.awaitState("CONNECTING");
			assertThatTerminates(replica, 143);
			assertThat(replica.log()).contains("the JVM is halted");
		}
	}

	private static String url(ServerSocket socket) {
		return "jdbc:postgresql://localhost:%d/orders".formatted(socket.getLocalPort());
	}

	private static void assertThatEnds(Replica replica, int exitCode) {
		replica.awaitLog("Stubborn change: ");
		assertThatTerminates(replica, exitCode);
	}

	private static void assertThatTerminates(Replica replica, int exitCode) {
		replica.sigterm();
		assertThat(replica.awaitExit()).isEqualTo(exitCode);
		assertThat(replica.markers()).isEmpty();
	}

	private static void assertNothingIsLeft(TestDatabase database) {
		Awaiting.await("no session").until(database::sessions, List::isEmpty);
		assertThat(database.advisoryLocks()).isEmpty();
		assertThat(database.client().sql("select count(*) from databasechangelog").query(Integer.class).single())
			.isZero();
	}

	private static ReplicaBuilder stubborn(Replicas replicas, String how) {
		return replicas.guarded(new StubbornMigrations(how));
	}

	/**
	 * A change log whose only change set is a {@link StubbornChange}.
	 */
	private record StubbornMigrations(String how) implements Migrations {

		@Override
		public List<String> identifiers() {
			return List.of("stubborn.yaml::stubborn::test");
		}

		@Override
		public Map<String, Object> install(Path directory) {
			String content = """
					databaseChangeLog:
					- changeSet:
					    id: stubborn
					    author: test
					    changes:
					    - customChange:
					        class: %s
					        params:
					        - param: {name: how, value: %s}
					""".formatted(StubbornChange.class.getName(), this.how);
			try {
				Files.writeString(directory.resolve("stubborn.yaml"), content);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return Map.of("spring.liquibase.change-log", "classpath:/stubborn.yaml", "spring.flyway.enabled", false);
		}

	}

}
