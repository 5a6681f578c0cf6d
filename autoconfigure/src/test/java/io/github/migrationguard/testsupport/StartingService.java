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

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationGuard.GuardedMigration;
import io.github.migrationguard.MigrationListener;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.flyway.FlywayGuardAutoConfiguration;
import io.github.migrationguard.liquibase.LiquibaseGuardAutoConfiguration;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * A service in this JVM that starts on a thread of its own, and is closed as soon as it
 * has started. Its status can be watched meanwhile. Its pool has one connection.
 *
 * @author Migration Guard
 */
public final class StartingService implements AutoCloseable {

	private final CompletableFuture<GuardedMigration> migration = new CompletableFuture<>();

	private final CompletableFuture<Optional<Throwable>> start = new CompletableFuture<>();

	private final CompletableFuture<ApplicationContext> context = new CompletableFuture<>();

	private final Thread thread;

	private StartingService(ApplicationContextRunner runner) {
		ApplicationContextRunner watched = runner.withInitializer(this.context::complete)
			.withBean(MigrationListener.class, () -> this.migration::complete);
		this.thread = new Thread(() -> run(watched), "starting-service");
		this.thread.start();
	}

	/**
	 * Start a service.
	 * @param database its database
	 * @param migrations its migrations
	 * @param directory where to write them to
	 * @param properties its other properties, as in {@code name=value}
	 * @return the service
	 */
	public static StartingService start(TestDatabase database, Migrations migrations, Path directory,
			String... properties) {
		Map<String, Object> tool = migrations.install(directory);
		return new StartingService(new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class,
					LiquibaseAutoConfiguration.class, MigrationGuardAutoConfiguration.class,
					FlywayGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("tool", tool)))
			.withClassLoader(classLoader(directory))
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(), "spring.datasource.hikari.maximum-pool-size=1")
			.withPropertyValues(properties));
	}

	private static ClassLoader classLoader(Path directory) {
		try {
			return new URLClassLoader(new URL[] { directory.toUri().toURL() }, StartingService.class.getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void run(ApplicationContextRunner runner) {
		try {
			runner.run((context) -> this.start.complete(Optional.ofNullable(context.getStartupFailure())));
		}
		catch (Throwable ex) {
			this.start.completeExceptionally(ex);
		}
	}

	/**
	 * Return what the service knows of its migration.
	 * @return the status
	 */
	public MigrationStatus status() {
		Awaiting.await("a migration").until(this.migration::isDone);
		return this.migration.join().getStatus();
	}

	/**
	 * Return the attempts to apply units that were blocked.
	 * @return the attempts, in the order in which they were started
	 */
	public List<Attempt> attempts() {
		return status().ddl().attempts();
	}

	/**
	 * Return who is in the way at this moment.
	 * @return the blockers
	 */
	public List<Blocker> blockers() {
		return blockers(status());
	}

	private static List<Blocker> blockers(MigrationStatus status) {
		SessionSample sample = status.ddl().sample();
		return (sample != null) ? sample.blockers() : List.of();
	}

	/**
	 * Wait for what the service knows of its migration.
	 * @param what what is awaited
	 * @param condition the condition
	 * @return the status that fulfils the condition
	 */
	public MigrationStatus await(String what, Predicate<MigrationStatus> condition) {
		return Awaiting.await(what).until(this::status, (status) -> condition.test(status) || failIfFailed());
	}

	private boolean failIfFailed() {
		this.start.getNow(Optional.empty()).ifPresent((failure) -> {
			throw new AssertionError("The service has failed", failure);
		});
		return false;
	}

	/**
	 * Wait for a state.
	 * @param state the state
	 * @return the status
	 */
	public MigrationStatus await(MigrationState state) {
		return await(state.name(), (status) -> status.state() == state);
	}

	/**
	 * Wait until the service says that a number of blockers are in the way.
	 * @param count the number of blockers
	 * @return the blockers
	 */
	public List<Blocker> awaitBlockers(int count) {
		return blockers(await(count + " blockers", (status) -> blockers(status).size() == count));
	}

	/**
	 * Wait until a number of attempts to apply a unit have ended.
	 * @param count the number of attempts
	 * @return the attempts
	 */
	public List<Attempt> awaitAttempts(int count) {
		return await(count + " attempts", (status) -> ended(status) >= count).ddl().attempts();
	}

	private static long ended(MigrationStatus status) {
		return status.ddl().attempts().stream().filter((attempt) -> attempt.outcome() != null).count();
	}

	/**
	 * Wait until the service has started and has been closed.
	 * @return the last status of its migration
	 */
	public MigrationStatus awaitStarted() {
		Throwable failure = await();
		if (failure != null) {
			throw new AssertionError("The service has not started", failure);
		}
		return status();
	}

	/**
	 * Wait until the service has failed to start.
	 * @return why
	 */
	public Throwable awaitFailed() {
		Throwable failure = await();
		if (failure == null) {
			throw new AssertionError("The service has started");
		}
		return failure;
	}

	private @Nullable Throwable await() {
		Awaiting.await("the end of the start").until(() -> !this.thread.isAlive());
		return this.start.join().orElse(null);
	}

	/**
	 * Let the service stop while it starts, as SIGTERM does.
	 */
	public void stop() {
		this.migration.thenRun(() -> this.context.join().getBean(MigrationGuard.class).stop());
	}

	@Override
	public void close() {
		stop();
		Awaiting.await("service closed").atMost(Duration.ofMinutes(2)).until(() -> !this.thread.isAlive());
	}

}
