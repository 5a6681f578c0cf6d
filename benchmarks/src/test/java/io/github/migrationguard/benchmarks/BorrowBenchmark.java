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
import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.startup.StartupMode;
import io.github.migrationguard.startup.StartupPlan;
import io.github.migrationguard.testsupport.MigrationTool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Measures what it costs to borrow a connection and to give it back, once the migrations
 * are complete.
 *
 * @author Migration Guard
 */
@State(Scope.Benchmark)
public class BorrowBenchmark {

	private final Trial trial = new Trial(Engine.GUARDED_LIQUIBASE, "borrow");

	private ConfigurableApplicationContext context;

	private HikariDataSource guarded;

	private HikariDataSource plain;

	/**
	 * Migrate, and fill both pools.
	 * @throws SQLException if a pool does not start
	 */
	@Setup
	public void migrate() throws SQLException {
		Path directory = this.trial.install(Workload.ofTables(10).of(MigrationTool.LIQUIBASE));
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + this.trial.database().url(),
					"--spring.datasource.username=" + this.trial.database().username(),
					"--spring.datasource.password=" + this.trial.database().password(),
					"--spring.datasource.hikari.maximum-pool-size=2",
					"--spring.liquibase.change-log=file:" + directory.resolve("changelog.sql"));
		this.guarded = this.context.getBean(HikariDataSource.class);
		if (this.guarded.getClass() == HikariDataSource.class) {
			throw new IllegalStateException("The pool is not guarded");
		}
		this.plain = new HikariDataSource();
		this.plain.setJdbcUrl(this.trial.database().url());
		this.plain.setUsername(this.trial.database().username());
		this.plain.setPassword(this.trial.database().password());
		this.plain.setMaximumPoolSize(2);
		borrow(this.guarded);
		borrow(this.plain);
	}

	/**
	 * Borrow from a pool that was guarded.
	 * @throws SQLException if there is no connection
	 */
	@Benchmark
	public void guarded() throws SQLException {
		borrow(this.guarded);
	}

	/**
	 * Borrow from a pool of HikariCP alone.
	 * @throws SQLException if there is no connection
	 */
	@Benchmark
	public void plain() throws SQLException {
		borrow(this.plain);
	}

	private static void borrow(HikariDataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection()) {
			connection.isClosed();
		}
	}

	/**
	 * Close both pools and drop the database.
	 */
	@TearDown
	public void close() {
		this.plain.close();
		this.context.close();
		this.trial.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
			MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class })
	static class Application {

		@Bean
		StartupPlan plan() {
			return new StartupPlan(StartupMode.AUTO, "there is nobody to answer here");
		}

	}

}
