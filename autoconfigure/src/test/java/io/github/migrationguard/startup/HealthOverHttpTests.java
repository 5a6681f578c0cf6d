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

package io.github.migrationguard.startup;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HealthOverHttp}: where nobody can ask for the health of an instance,
 * its port stays closed until the migrations are done.
 *
 * @author Migration Guard
 */
class HealthOverHttpTests {

	private static final String NO_ENDPOINT = "there is no health endpoint over HTTP, so the open port alone would"
			+ " tell that the instance is ready; to start the web server first, expose the endpoint 'health'";

	@Test
	void healthIsExposed() {
		assertPlan(WebApplicationType.SERVLET, null);
	}

	@Test
	void healthIsExposedOnPortOfItsOwn() {
		assertPlan(WebApplicationType.SERVLET, null, "management.server.port=0");
	}

	@Test
	void healthIsExposedByReactiveApplication() {
		assertPlan(WebApplicationType.REACTIVE, null,
				"spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration");
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoint.health.access=none",
			"management.endpoints.web.exposure.exclude=health", "management.endpoints.web.exposure.include=info",
			"management.server.port=-1",
			"spring.autoconfigure.exclude=org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration" })
	void healthIsNotExposed(String property) {
		assertPlan(WebApplicationType.SERVLET, NO_ENDPOINT, property);
	}

	@Test
	void thereIsNoWebServer() {
		assertPlan(WebApplicationType.NONE, "there is no web server to ask before the migrations");
	}

	private static void assertPlan(WebApplicationType type, @Nullable String reason, String... properties) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).web(type)
			.properties("server.port=0", "spring.main.banner-mode=off")
			.properties(properties)
			.registerShutdownHook(false)
			.run()) {
			StartupPlan plan = context.getBean(StartupPlan.class);
			assertThat(plan.isInRefresh()).isEqualTo(reason != null);
			assertThat(plan.reason())
				.isEqualTo((reason != null) ? reason : "no statement is sent before the web server is started");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
			"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration" })
	static class Application {

	}

}
