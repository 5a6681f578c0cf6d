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

package io.github.migrationguard.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.migrationguard.MigrationState;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.FlywayScripts;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.Ledger.Gate;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Migrations;
import io.github.migrationguard.testsupport.OwnServer;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what it costs when very many instances wait for one, and for how they leave.
 * {@code -Dmigration-guard.tests.soak=10m} makes 300 of them wait for ten minutes,
 * otherwise it is 30 for a few seconds.
 *
 * @author Migration Guard
 */
@EnabledOnOs(OS.LINUX)
class WaitingSoakTests {

	private static final Log logger = LogFactory.getLog(WaitingSoakTests.class);

	private static final String SOAK = System.getProperty("migration-guard.tests.soak", "");

	private static final Duration DURATION = SOAK.isEmpty() ? Duration.ofSeconds(4)
			: DurationStyle.detectAndParse(SOAK);

	private static final int WAITING = Integer.getInteger("migration-guard.tests.soak.waiting",
			SOAK.isEmpty() ? 30 : 300);

	private static final int PROCESSES = Math.max(2, WAITING / 50);

	/**
	 * About one that asks for the holder, and what is counted late.
	 */
	private static final double STATEMENTS_PER_SECOND = 1.3;

	private static final String GATE = "middle";

	@TempDir
	private Path directory;

	private final List<Guards> waiting = new ArrayList<>();

	private OwnServer server;

	private TestDatabase database;

	private Ledger ledger;

	@BeforeEach
	void startServer() {
		this.server = OwnServer.start(WAITING + 50);
		this.database = this.server.createDatabase();
		this.ledger = Ledger.install(this.database);
	}

	@AfterEach
	void stopServer() throws IOException {
		this.waiting.forEach(Guards::close);
		this.server.close();
	}

	@Test
	void manyWaitForLiquibase() {
		soak(MigrationTool.LIQUIBASE, Changelog.ofTables(2).gate(GATE).changeSet("last", "create table last (id int)"));
	}

	@Test
	void manyWaitForFlyway() {
		soak(MigrationTool.FLYWAY,
				FlywayScripts.ofTables(2).gate(GATE).versioned("last", "create table last (id int)"));
	}

	private void soak(MigrationTool tool, Migrations migrations) {
		migrations.install(this.directory);
		Gate gate = this.ledger.close(GATE);
		try (Guards holder = Guards.start(tool, this.directory, this.database, "holder", 1)) {
			int runner = gate.awaitArrival();
			for (int process = 1; process <= PROCESSES; process++) {
				this.waiting
					.add(Guards.start(tool, this.directory, this.database, "waiting-" + process, WAITING / PROCESSES));
			}
			patiently("all wait").until(() -> countWaiting() == WAITING);
			awaitStartIsCounted();
			watchWaiting();
			release(gate, holder);
			assertThat(holder.endings()).extracting(Ending::state).containsExactly(MigrationState.COMPLETED);
			assertThat(this.ledger.runners()).containsExactly(runner);
		}
		this.ledger.assertAppliedExactlyOnce(migrations);
		assertThat(endings()).hasSize(WAITING).extracting(Ending::state).containsOnly(MigrationState.UP_TO_DATE);
		assertThat(this.waiting).extracting((guards) -> guards.usage().guardThreads()).containsOnly(0);
		patiently("no session").until(this.database::sessions, List::isEmpty);
		assertThat(this.database.advisoryLocks()).isEmpty();
	}

	/**
	 * What was executed before the wait is counted a little later.
	 */
	private void awaitStartIsCounted() {
		AtomicLong counted = new AtomicLong();
		patiently("start counted").pollInterval(Duration.ofSeconds(2)).until(() -> {
			long transactions = this.server.transactions(this.database);
			return transactions - counted.getAndSet(transactions) < 2 * STATEMENTS_PER_SECOND * WAITING;
		});
	}

	private void watchWaiting() {
		long start = System.nanoTime();
		long transactions = this.server.transactions(this.database);
		Duration ofServer = this.server.processorTime();
		Duration ofGuards = processorTime();
		patiently("end of the soak").pollInterval(Duration.ofSeconds(1)).until(() -> {
			assertThat(countWaiting()).isEqualTo(WAITING);
			return System.nanoTime() - start > DURATION.toNanos();
		});
		double seconds = (System.nanoTime() - start) / 1e9;
		double rate = (this.server.transactions(this.database) - transactions) / seconds / WAITING;
		logger.info("%d waited for %.0f s, each with %.2f statements/s, %.2f ms/s of the server, %.2f ms/s of its JVM"
			.formatted(WAITING, seconds, rate, perWaiting(this.server.processorTime().minus(ofServer)) / seconds,
					perWaiting(processorTime().minus(ofGuards)) / seconds));
		logger.info("Sessions of all: " + this.database.sessions().size());
		this.waiting.forEach((guards) -> logger.info("JVM with %d: %s, %d MB resident".formatted(WAITING / PROCESSES,
				guards.usage(), guards.residentBytes() >> 20)));
		assertThat(rate).isPositive().isLessThan(STATEMENTS_PER_SECOND);
		assertThat(endings()).isEmpty();
	}

	private void release(Gate gate, Guards holder) {
		long transactions = this.server.transactions(this.database);
		Duration ofGuards = processorTime();
		gate.open();
		patiently("all through").until(() -> holder.haveEnded() && this.waiting.stream().allMatch(Guards::haveEnded));
		long commit = this.ledger.lastCommit().toEpochMilli();
		List<Long> after = endings().stream().map((ending) -> ending.at() - commit).sorted().toList();
		logger.info("After the last commit: first %d ms, median %d ms, last %d ms; each took %.0f ms of its JVM"
			.formatted(after.get(0), after.get(WAITING / 2), after.get(WAITING - 1),
					perWaiting(processorTime().minus(ofGuards))));
		Awaiting.await("no session").until(this.database::sessions, List::isEmpty);
		logger.info("Each executed %.1f statements"
			.formatted((this.server.transactions(this.database) - transactions) / (double) WAITING));
		this.waiting.forEach((guards) -> logger.info("JVM with none: " + guards.usage()));
	}

	private List<Ending> endings() {
		return this.waiting.stream().map(Guards::endings).flatMap(Collection::stream).toList();
	}

	private long countWaiting() {
		return this.database.sessions()
			.stream()
			.filter((session) -> session.applicationName().startsWith("mg:W:"))
			.count();
	}

	private Duration processorTime() {
		return this.waiting.stream().map(Guards::processorTime).reduce(Duration.ZERO, Duration::plus);
	}

	private static double perWaiting(Duration all) {
		return all.toNanos() / 1e6 / WAITING;
	}

	private static ConditionFactory patiently(String alias) {
		return Awaiting.await(alias).pollInterval(Duration.ofMillis(200)).atMost(DURATION.plusMinutes(3));
	}

}
