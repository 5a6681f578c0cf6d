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

import java.nio.file.Path;

import io.github.migrationguard.Migrator;
import io.github.migrationguard.testsupport.Migrations;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Measures how long it takes to see that nothing is pending.
 *
 * @author Migration Guard
 */
public class LookBenchmark {

	private static final Workload WORKLOAD = Workload.ofTables(100);

	/**
	 * Look with Liquibase.
	 * @param applied an up-to-date database
	 * @return what was seen
	 * @throws Exception if the look fails
	 */
	@Benchmark
	public Object liquibase(LiquibaseApplied applied) throws Exception {
		return applied.look();
	}

	/**
	 * Look with Flyway.
	 * @param applied an up-to-date database
	 * @return what was seen
	 * @throws Exception if the look fails
	 */
	@Benchmark
	public Object flyway(FlywayApplied applied) throws Exception {
		return applied.look();
	}

	/**
	 * Up-to-date database.
	 */
	public abstract static class Applied {

		private final Trial trial;

		private SingleConnectionDataSource dataSource;

		private Migrator migrator;

		Applied(Engine engine) {
			this.trial = new Trial(engine, "look");
		}

		/**
		 * Write the history.
		 * @throws Exception if that fails
		 */
		@Setup
		public void open() throws Exception {
			this.trial.logNoStatements();
			Migrations migrations = WORKLOAD.of(this.trial.engine().tool());
			Path directory = this.trial.install(migrations);
			AppliedHistory.write(this.trial, directory, migrations);
			this.dataSource = AppliedHistory.openConnection(this.trial);
			this.migrator = AppliedHistory.migrator(this.trial, directory);
		}

		final Object look() throws Exception {
			return this.migrator.look(this.dataSource.getConnection());
		}

		/**
		 * Drop the database.
		 */
		@TearDown
		public void close() {
			this.dataSource.close();
			this.trial.close();
		}

	}

	/**
	 * Up-to-date database of Liquibase.
	 */
	@State(Scope.Benchmark)
	public static class LiquibaseApplied extends Applied {

		public LiquibaseApplied() {
			super(Engine.GUARDED_LIQUIBASE);
		}

	}

	/**
	 * Up-to-date database of Flyway.
	 */
	@State(Scope.Benchmark)
	public static class FlywayApplied extends Applied {

		public FlywayApplied() {
			super(Engine.GUARDED_FLYWAY);
		}

	}

}
