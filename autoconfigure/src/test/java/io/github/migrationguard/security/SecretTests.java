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

package io.github.migrationguard.security;

import java.nio.file.Path;

import io.github.migrationguard.testsupport.Awaiting;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for secrets in JDBC URLs.
 *
 * @author Migration Guard
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://localhost:1/orders?user=alice&password=HUNTER2",
			"jdbc:postgresql://localhost:1,localhost:2/orders?password=HUNTER2&targetServerType=primary",
			"jdbc:postgresql://localhost:1/orders?sslmode=require&sslpassword=HUNTER2",
			"jdbc:postgresql://localhost:1/orders?password=%41HUNTER2%20x",
			"jdbc:postgresql://alice:HUNTER2@localhost:1/orders",
			"jdbc:postgresql://localhost:port/orders?password=HUNTER2",
			"postgres://localhost/orders?password=a HUNTER2", "postgres://alice:HUNTER2@localhost/orders" })
	@Tag("security:S21")
	@Tag("security:S22")
	void passwordOfUrlIsNowhere(String url, CapturedOutput output) {
		Throwable failure = catchThrowable(() -> run(url));
		assertThat(failure).isNotNull();
		assertThat(output.getAll()).contains("APPLICATION FAILED TO START").doesNotContain("HUNTER2");
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause.getClass().getName().startsWith("io.github.migrationguard")) {
				assertThat(cause.getMessage()).doesNotContain("HUNTER2");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://alice:HUNTER2@localhost:1/orders?password=HUNTER2",
			"postgres://alice:HUNTER2@localhost/orders" })
	@Tag("security:S21")
	void passwordOfUrlIsNotInTheFailureThatApplicationSurvives(String url, CapturedOutput output) {
		Thread starter = new Thread(() -> catchThrowable(() -> run(url, "--migration-guard.on-failure=stay-up")));
		starter.start();
		Awaiting.await("failure")
			.until(() -> !starter.isAlive() || output.getAll().contains("The application stays up"));
		starter.interrupt();
		Awaiting.await("end").until(() -> !starter.isAlive());
		assertThat(output.getAll()).contains("The application stays up").doesNotContain("HUNTER2");
	}

	private void run(String url, String... arguments) {
		String[] all = StringUtils.concatenateStringArrays(arguments,
				new String[] { "--spring.datasource.url=" + url,
						"--spring.datasource.driver-class-name=org.postgresql.Driver",
						"--spring.datasource.hikari.connection-timeout=250",
						"--spring.datasource.hikari.initialization-fail-timeout=-1",
						"--migration-guard.database.wait-timeout=0", "--spring.flyway.enabled=false",
						"--spring.main.banner-mode=off",
						"--spring.liquibase.change-log=file:" + this.directory.resolve("changelog.sql") });
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.run(all)
			.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
