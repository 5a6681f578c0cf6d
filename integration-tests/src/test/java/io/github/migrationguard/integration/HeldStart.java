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

package io.github.migrationguard.integration;

import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.Ledger;
import io.github.migrationguard.testsupport.TestDatabase;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The start of an application whose migration runs until the test lets it end.
 *
 * @author Migration Guard
 */
final class HeldStart implements AutoCloseable {

	/**
	 * A change log whose only change set waits for the test.
	 */
	static final Changelog CHANGELOG = Changelog.empty().gate("held");

	private final Ledger.Gate gate;

	private final CompletableFuture<ConfigurableApplicationContext> context;

	private HeldStart(Ledger.Gate gate, Service service) {
		this.gate = gate;
		this.context = CompletableFuture.supplyAsync(service::start);
		gate.awaitArrival();
	}

	/**
	 * Start an application and wait until it migrates.
	 * @param database its database
	 * @param service the application, with {@link #CHANGELOG}
	 * @return the start
	 */
	static HeldStart of(TestDatabase database, Service service) {
		return new HeldStart(Ledger.install(database).close("held"), service);
	}

	/**
	 * Let the migration end.
	 * @return the context of the started application
	 */
	ConfigurableApplicationContext release() {
		this.gate.open();
		return this.context.join();
	}

	@Override
	public void close() {
		release().close();
	}

}
