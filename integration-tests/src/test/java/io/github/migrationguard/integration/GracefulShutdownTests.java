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

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the shutdown of an application that has long been started.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class GracefulShutdownTests {

	@ParameterizedTest
	@ValueSource(strings = { "gate", "in-refresh" })
	void requestsInFlightAreServed(String mode, TestDatabase database, @TempDir Path directory) throws Exception {
		int port = Http.freePort();
		ConfigurableApplicationContext context = Service
			.of(database, Changelog.ofTables(1), directory, SlowConfiguration.class)
			.with("server.port", port)
			.with("migration-guard.startup.mode", mode)
			.start();
		SlowController slow = context.getBean(SlowController.class);
		CompletableFuture<String> request = CompletableFuture.supplyAsync(() -> new Http(port).body("/slow"));
		assertThat(slow.arrived.await(20, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> close = CompletableFuture.runAsync(context::close);
		Awaiting.await("the server refuses new requests").until(() -> !new Http(port).isReachable());
		slow.mayAnswer.countDown();
		assertThat(request.get(20, TimeUnit.SECONDS)).isEqualTo("served");
		close.get(20, TimeUnit.SECONDS);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
					"org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration" })
	@Import(SlowController.class)
	static class SlowConfiguration {

	}

	@RestController
	static class SlowController {

		private final CountDownLatch arrived = new CountDownLatch(1);

		private final CountDownLatch mayAnswer = new CountDownLatch(1);

		@GetMapping("/slow")
		String slow() throws InterruptedException {
			this.arrived.countDown();
			this.mayAnswer.await(20, TimeUnit.SECONDS);
			return "served";
		}

	}

}
