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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Ledger.Gate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance that waits until another one has applied everything, and what it sends to
 * the server then.
 *
 * @author Migration Guard
 */
public final class LeavingWaiter {

	private LeavingWaiter() {
	}

	/**
	 * Assert that a waiter sees without its tool that its units are recorded.
	 * @param database the database
	 * @param gate where the holder stands
	 * @param holder the start of the holder
	 * @param waiter the start of the waiter
	 */
	public static void assertNeedsNoTool(TestDatabase database, Gate gate, Runnable holder, Runnable waiter) {
		CompletableFuture<Void> holding = CompletableFuture.runAsync(holder);
		gate.awaitArrival();
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(waiter);
		Awaiting.await("waiter")
			.until(() -> database.statementLog()
				.statements()
				.stream()
				.anyMatch((entry) -> entry.sql().startsWith("listen")));
		int before = database.statementLog().statements().size();
		gate.open();
		assertThat(holding).succeedsWithin(Duration.ofMinutes(1));
		assertThat(waiting).succeedsWithin(Duration.ofMinutes(1));
		assertThat(database.statementLog().statements().stream().skip(before))
			.filteredOn((entry) -> entry.application().startsWith("mg:W"))
			.extracting((entry) -> entry.sql())
			.anyMatch((sql) -> sql.contains("count(distinct unit)"))
			.allMatch((sql) -> sql.contains("count(distinct unit)") || sql.contains("pg_locks")
					|| sql.contains("to_regclass") || sql.startsWith("unlisten"));
	}

}
