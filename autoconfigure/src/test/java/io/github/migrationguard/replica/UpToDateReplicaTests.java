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

import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.Replica;
import io.github.migrationguard.testsupport.ReplicaBuilder;
import io.github.migrationguard.testsupport.Replicas;
import io.github.migrationguard.testsupport.StatementLog.Entry;
import io.github.migrationguard.testsupport.TestDatabase;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a replica that starts when nothing is pending, by the server's statement log
 * next to that of a stock start-up.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class UpToDateReplicaTests {

	private static final Log logger = LogFactory.getLog(UpToDateReplicaTests.class);

	private static final Changelog CHANGELOG = Changelog.ofTables(3);

	private static List<Entry> stock;

	private static List<Entry> guarded;

	@BeforeAll
	static void startStockAndGuarded(TestDatabase database, Replicas replicas) {
		startUp(database, replicas.stock(CHANGELOG));
		stock = startUp(database, replicas.stock(CHANGELOG));
		guarded = startUp(database, replicas.guarded(CHANGELOG));
		logger.info("Statements: stock %d, guarded %d".formatted(statements(stock).size(), statements(guarded).size()));
	}

	/**
	 * Start a replica until its pool is full, and end it.
	 */
	private static List<Entry> startUp(TestDatabase database, ReplicaBuilder builder) {
		int before = database.statementLog().entries().size();
		Replica replica = builder.start().awaitReady().awaitStarted();
		Awaiting.await("full pool").until(() -> database.sessions().size() == 2);
		replica.kill9();
		replica.awaitExit();
		Awaiting.await("empty pool").until(() -> database.sessions().isEmpty());
		List<Entry> entries = database.statementLog().entries();
		return entries.subList(before, entries.size());
	}

	@Test
	void noLockIsTaken() {
		assertThat(statements(guarded)).isNotEmpty()
			.noneMatch((sql) -> sql.contains("advisory"))
			.noneMatch((sql) -> sql.toLowerCase().contains("update public.databasechangeloglock"));
	}

	@Test
	void notOneConnectionMoreThanStockIsOpened() {
		assertThat(connections(guarded)).isEqualTo(connections(stock));
	}

	@Test
	void notOneStatementMoreThanStockIsSent() {
		assertThat(statements(guarded)).hasSizeLessThanOrEqualTo(statements(stock).size());
	}

	private static List<String> statements(List<Entry> entries) {
		return entries.stream().filter(Entry::isStatement).map(Entry::sql).toList();
	}

	private static long connections(List<Entry> entries) {
		return entries.stream().filter(Entry::isConnection).count();
	}

}
