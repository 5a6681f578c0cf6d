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

package io.github.migrationguard.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.ReplicaHosts;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@code docs/reliability.md} says of each fault in each position. All
 * positions are hit at the same moment. Those in which a tool is at work are hit with one
 * of the tools, which is the other one in the next position and for the next fault, or
 * with both if the system property {@code migration-guard.tests.faults} is {@code all}.
 *
 * @author Migration Guard
 */
@NetworkTest
@TestInstance(Lifecycle.PER_CLASS)
class FaultTests {

	private static final Log logger = LogFactory.getLog(FaultTests.class);

	/**
	 * How many positions are taken at once: the start of a JVM takes a processor.
	 */
	private static final int ARRANGED_AT_ONCE = 3;

	private static final boolean ALL = "all".equals(System.getProperty("migration-guard.tests.faults"));

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final ExecutorService arranging = Executors.newFixedThreadPool(ARRANGED_AT_ONCE);

	private ReplicaHosts hosts;

	private Ground shared;

	@BeforeAll
	void startGround() {
		this.hosts = new ReplicaHosts(getClass());
		this.shared = new Ground(this.hosts);
	}

	@AfterAll
	void stopGround() throws Exception {
		this.executor.shutdownNow();
		this.arranging.shutdownNow();
		this.hosts.close();
		this.shared.close();
	}

	@ParameterizedTest
	@EnumSource(names = "FAILOVER", mode = EnumSource.Mode.EXCLUDE)
	void hasTheOutcomeThatIsDocumented(Fault fault) {
		hasTheOutcomeThatIsDocumented(fault, this.shared);
	}

	@ParameterizedTest
	@EnumSource(names = "FAILOVER")
	void ofTheServerHasTheOutcomeThatIsDocumented(Fault fault) throws Exception {
		try (Ground ground = new Ground(this.hosts)) {
			hasTheOutcomeThatIsDocumented(fault, ground);
		}
	}

	private void hasTheOutcomeThatIsDocumented(Fault fault, Ground ground) {
		fault.prepare(ground);
		List<Cell> cells = Stream.of(Position.values())
			.filter(fault::canHit)
			.flatMap((position) -> tools(fault, position).map((tool) -> new Cell(tool, position, fault, ground)))
			.toList();
		try {
			Map<MigrationTool, Map<Position, Outcome>> outcomes = outcomes(fault, cells, ground);
			ReliabilityTable table = ReliabilityTable.read();
			outcomes.forEach((tool, seen) -> assertThat(seen).as("%s, %s", fault, tool)
				.isEqualTo(table.row(fault, tool, (position) -> isAtWork(tool, fault, position))));
		}
		finally {
			fault.mend(ground);
			each(cells, Cell::close);
		}
	}

	private static Stream<MigrationTool> tools(Fault fault, Position position) {
		List<MigrationTool> tools = position.tools();
		return ALL ? tools.stream() : Stream.of(tools.get((fault.ordinal() + position.ordinal()) % tools.size()));
	}

	private static boolean isAtWork(MigrationTool tool, Fault fault, Position position) {
		return tools(fault, position).anyMatch(tool::equals);
	}

	private Map<MigrationTool, Map<Position, Outcome>> outcomes(Fault fault, List<Cell> cells, Ground ground) {
		each(cells, (cell) -> cell.position().arrange(cell), this.arranging);
		List<Cell> losing = cells.stream().filter(Cell::isLockLost).toList();
		losing.forEach(Cell::rememberHolder);
		fault.strike(cells, ground);
		Map<String, Duration> takenOver = new ConcurrentHashMap<>();
		each(losing, (cell) -> takenOver.put(cell.toString(), cell.awaitOtherHolder()));
		logger.info("%s: taken over after %s".formatted(fault, takenOver));
		each(cells, Cell::clear);
		fault.heal(cells, ground);
		each(cells, Cell::awaitEnd);
		Map<MigrationTool, Map<Position, Outcome>> outcomes = new EnumMap<>(MigrationTool.class);
		Stream.of(MigrationTool.values())
			.forEach((tool) -> outcomes.put(tool,
					outcomes(fault, cells.stream().filter((cell) -> cell.tool() == tool), tool)));
		logger.info("%s: %s".formatted(fault, outcomes));
		fault.mend(ground);
		each(cells, Cell::finish);
		return outcomes;
	}

	private static Map<Position, Outcome> outcomes(Fault fault, Stream<Cell> cells, MigrationTool tool) {
		Map<Position, Outcome> outcomes = new EnumMap<>(Position.class);
		Stream.of(Position.values())
			.filter((position) -> isAtWork(tool, fault, position))
			.forEach((position) -> outcomes.put(position, Outcome.NONE));
		cells.forEach((cell) -> outcomes.put(cell.position(), cell.outcome()));
		return outcomes;
	}

	private void each(List<Cell> cells, Consumer<Cell> action) {
		each(cells, action, this.executor);
	}

	private static void each(List<Cell> cells, Consumer<Cell> action, ExecutorService executor) {
		List<CompletableFuture<Void>> actions = cells.stream()
			.map((cell) -> CompletableFuture.runAsync(() -> action.accept(cell), executor))
			.toList();
		List<Throwable> failures = new ArrayList<>();
		actions.forEach((it) -> it.handle((result, failure) -> (failure != null) && failures.add(failure)).join());
		failures.forEach((failure) -> logger.error("A cell has failed", failure));
		if (!failures.isEmpty()) {
			AssertionError error = new AssertionError(failures.size() + " cells failed", failures.get(0));
			failures.stream().skip(1).forEach(error::addSuppressed);
			throw error;
		}
	}

}
