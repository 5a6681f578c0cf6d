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

package io.github.migrationguard.liquibase;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a wait whose session is ended by somebody.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class LostSessionTests {

	private static final LockKey KEY = LockKey.of("\"public\".\"databasechangeloglock\"",
			"public.databasechangeloglock");

	@TempDir
	private Path directory;

	@Test
	void waitGoesOnWithAnotherSessionAndIsObservedAsLost(TestDatabase database) throws Exception {
		try (OtherSession holder = OtherSession.open(database, "holder")) {
			holder.execute("select pg_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()));
			CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runner(database).run(this::assertLostOnce));
			int first = awaitWaiter(database, 0);
			database.superuser().sql("select pg_terminate_backend(?)").param(first).query(Boolean.class).single();
			awaitWaiter(database, first);
			holder.execute("select pg_advisory_unlock_all()");
			assertThat(run).succeedsWithin(Duration.ofMinutes(1));
		}
	}

	@Test
	void rowOfHolderThatWasLostAtTheSameMomentIsReleased(TestDatabase database) throws Exception {
		runner(database).run((context) -> assertThat(context).hasNotFailed());
		database.client().sql("create table applied as select * from databasechangelog").update();
		database.client().sql("delete from databasechangelog").update();
		try (OtherSession holder = OtherSession.open(database, "holder");
				OtherSession server = OtherSession.openSuperuser(database, "server")) {
			holder.execute("select pg_advisory_lock(%d, %d)".formatted(KEY.namespace(), KEY.hash()));
			CompletableFuture<Void> run = CompletableFuture.runAsync(() -> runner(database)
				.run((context) -> assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).state())
					.isEqualTo(MigrationState.UP_TO_DATE)));
			int waiter = awaitWaiter(database, 0);
			server.execute("begin");
			server.execute("select pg_terminate_backend(%d)".formatted(waiter));
			server.execute("insert into databasechangelog select * from applied");
			server.execute("update databasechangeloglock set locked = true, lockedby = 'mg:%d:%d:1:1:dead'"
				.formatted(KEY.namespace(), KEY.hash()));
			server.execute("commit");
			assertThat(run).succeedsWithin(Duration.ofMinutes(1));
		}
		assertThat(database.client().sql("select locked from databasechangeloglock").query(Boolean.class).single())
			.isFalse();
	}

	private void assertLostOnce(AssertableApplicationContext context) {
		assertThat(context.getBean(MigrationGuard.class).getStatus().get(0).state())
			.isEqualTo(MigrationState.COMPLETED);
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		assertThat(List.of("lost", "acquired")).allSatisfy(
				(outcome) -> assertThat(registry.get("migrations.lock.wait").tag("outcome", outcome).timer().count())
					.isOne());
		assertThat(registry.find("migrations.lock.wait").tag("outcome", "failure").timer()).isNull();
	}

	private static int awaitWaiter(TestDatabase database, int other) {
		return Awaiting.await("a waiter")
			.until(() -> database.superuser()
				.sql("select pid from pg_stat_activity where application_name like 'mg:W%' and pid <> ? and datname = current_database()")
				.param(other)
				.query(Integer.class)
				.list(), (pids) -> pids.size() == 1)
			.get(0);
	}

	private ApplicationContextRunner runner(TestDatabase database) {
		Changelog.ofTables(1).writeTo(this.directory);
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class,
							MigrationGuardAutoConfiguration.class, LiquibaseGuardAutoConfiguration.class,
							MetricsAutoConfiguration.class, ObservationAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withClassLoader(classLoader())
			.withPropertyValues("spring.datasource.url=" + database.url(),
					"spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.liquibase.change-log=classpath:/changelog.sql");
	}

	private URLClassLoader classLoader() {
		try {
			return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
