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

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStoppedException;
import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for an application that is restarted in its JVM, as Spring Boot's developer tools
 * do: with its own classes in a new class loader, on a thread that knows that loader.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class RestartTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	@TempDir
	private Path directory;

	@Test
	void eachRestartMigratesWhatIsNewAndLeavesNothing(TestDatabase database) {
		try (Restart first = new Restart(database, Changelog.ofTables(1))) {
			assertThat(first.state()).isEqualTo(MigrationState.COMPLETED);
			new Http(first.port).body("/actuator/migrations");
		}
		try (Restart second = new Restart(database, Changelog.ofTables(2))) {
			assertThat(second.state()).isEqualTo(MigrationState.COMPLETED);
		}
		try (Restart third = new Restart(database, Changelog.ofTables(2))) {
			assertThat(third.state()).isEqualTo(MigrationState.UP_TO_DATE);
		}
		assertThat(database.advisoryLocks()).isEmpty();
		assertThat(database.sessions()).isEmpty();
	}

	@Test
	void restartEndsWaitForLock(TestDatabase database) throws Exception {
		try (Connection stranger = database.connect(); var statement = stranger.createStatement()) {
			statement.execute("select pg_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()));
			try (Restart waiting = new Restart(database, Changelog.ofTables(1))) {
				Awaiting.await("a waiter").until(() -> database.advisoryLocks().size() == 1);
				waiting.close();
				assertThatExceptionOfType(CompletionException.class).isThrownBy(waiting::state)
					.havingRootCause()
					.isInstanceOf(MigrationStoppedException.class);
			}
		}
		try (Restart restarted = new Restart(database, Changelog.ofTables(1))) {
			assertThat(restarted.state()).isEqualTo(MigrationState.COMPLETED);
		}
	}

	/**
	 * One life of the application, which ends as developer tools end it: by closing its
	 * context, whatever the thread that started it does at the moment.
	 */
	private final class Restart implements AutoCloseable {

		private final int port = Http.freePort();

		private final CompletableFuture<ConfigurableApplicationContext> created = new CompletableFuture<>();

		private final CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();

		private final ApplicationClassLoader classLoader = new ApplicationClassLoader();

		Restart(TestDatabase database, Changelog changelog) {
			Service service = Service
				.of(database, changelog, RestartTests.this.directory, this.classLoader.loadApplication())
				.with("server.port", this.port);
			Thread thread = new Thread(() -> start(service), "restartedMain");
			thread.setContextClassLoader(this.classLoader);
			thread.start();
		}

		private void start(Service service) {
			try {
				this.started.complete(service.start(this.created::complete));
			}
			catch (Throwable ex) {
				this.started.completeExceptionally(ex);
			}
		}

		MigrationState state() {
			return this.started.join().getBean(MigrationGuard.class).getStatus().get(0).state();
		}

		@Override
		public void close() {
			this.created.join().close();
			Awaiting.await("no thread of ours that knows the application").until(() -> threads().isEmpty());
		}

		private List<Thread> threads() {
			return Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> thread.getContextClassLoader() == this.classLoader)
				.filter((thread) -> thread.getName().startsWith("migration-guard"))
				.toList();
		}

	}

	/**
	 * Has classes of the application of its own and all others from its parent.
	 */
	private static final class ApplicationClassLoader extends URLClassLoader {

		ApplicationClassLoader() {
			super(new URL[] { SliceApplication.class.getProtectionDomain().getCodeSource().getLocation() },
					SliceApplication.class.getClassLoader());
		}

		Class<?> loadApplication() {
			try {
				return loadClass(SliceApplication.class.getName());
			}
			catch (ClassNotFoundException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				if (loaded != null) {
					return loaded;
				}
				return name.startsWith(SliceApplication.class.getPackageName()) ? findClass(name)
						: super.loadClass(name, resolve);
			}
		}

	}

}
