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

package io.github.migrationguard.job;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MigrationJobRunListener}.
 *
 * @author Migration Guard
 */
class MigrationJobRunListenerTests {

	private final SpringApplication application = new SpringApplication(Object.class);

	@Test
	void applicationStartsAsAlwaysUnlessItIsAJob() {
		MockEnvironment environment = new MockEnvironment();
		prepare(environment);
		assertThat(environment.getPropertySources()).hasSize(1);
	}

	@Test
	void jobHasNoWebServer() {
		MockEnvironment environment = new MockEnvironment().withProperty("migration-guard.job.enabled", "true")
			.withProperty("spring.main.web-application-type", "servlet");
		prepare(environment);
		assertThat(environment.getProperty("spring.main.web-application-type")).isEqualTo("none");
	}

	@Test
	void jobWithoutGuardIsRefused() {
		MockEnvironment environment = new MockEnvironment().withProperty("migration-guard.job.enabled", "true")
			.withProperty("migration-guard.enabled", "false");
		assertThatExceptionOfType(MigrationJobException.class).isThrownBy(() -> prepare(environment))
			.withMessage("'migration-guard.job.enabled' is true, but 'migration-guard.enabled' is false");
	}

	@Test
	void bootstrapApplicationOfSpringCloudIsNoJob() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("bootstrap", Map.of()));
		environment.getPropertySources()
			.addLast(new MapPropertySource("commandLineArgs", Map.of("migration-guard.job.enabled", "true")));
		SpringApplication bootstrap = new SpringApplication(Object.class);
		bootstrap.setEnvironment(environment);
		bootstrap.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = bootstrap.run()) {
			assertThat(context.isActive()).isTrue();
		}
	}

	private void prepare(ConfigurableEnvironment environment) {
		new MigrationJobRunListener(this.application).environmentPrepared(new DefaultBootstrapContext(), environment);
	}

}
