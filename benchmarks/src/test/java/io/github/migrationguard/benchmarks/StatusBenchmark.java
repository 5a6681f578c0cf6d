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

package io.github.migrationguard.benchmarks;

import io.github.migrationguard.MigrationGuard;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures how long it takes to read the status of the migrations, once they are
 * complete.
 *
 * @author Migration Guard
 */
@State(Scope.Benchmark)
public class StatusBenchmark {

	private final Trial trial = new Trial(Engine.GUARDED_LIQUIBASE, "status");

	private MigrationGuard guard;

	/**
	 * Migrate.
	 * @throws Exception if that fails
	 */
	@Setup
	public void migrate() throws Exception {
		this.guard = GuardedContext.take(this.trial, (context) -> context.getBean(MigrationGuard.class));
	}

	/**
	 * Read the status.
	 * @return the status
	 */
	@Benchmark
	public Object snapshot() {
		return this.guard.getStatus();
	}

	/**
	 * Drop the database.
	 */
	@TearDown
	public void close() {
		this.trial.close();
	}

}
