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

package io.github.migrationguard.web;

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactiveGateAutoConfiguration}.
 *
 * @author Migration Guard
 */
class ReactiveGateAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations
		.of(MigrationGuardAutoConfiguration.class, ReactiveGateAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void filterComesBeforeSessionAndSecurity() {
		this.contextRunner.run((context) -> assertThat(context.getBean(GateWebFilter.class).getOrder())
			.isEqualTo(Ordered.HIGHEST_PRECEDENCE + 10));
	}

	@Test
	void requestPassesWhenMigrationsAreDone() {
		this.contextRunner.run((context) -> {
			MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/hello"));
			context.getBean(GateWebFilter.class).filter(exchange, (passed) -> Mono.empty()).block();
			assertThat(exchange.getResponse().getStatusCode()).isNull();
		});
	}

	@Test
	void everythingIsHeldWithoutActuator() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(PathMappedEndpoints.class)).run((context) -> {
			assertThat(context).hasSingleBean(GateWebFilter.class);
			assertThat(context).doesNotHaveBean(OpenPaths.class);
		});
	}

	@Test
	void actuatorIsServed() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(ActuatorPaths.class));
	}

	@Test
	void backsOffWithoutGuard() {
		this.contextRunner.withPropertyValues("migration-guard.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(GateWebFilter.class));
	}

	@Test
	void backsOffWithoutServer() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(WebServerApplicationContext.class))
			.run((context) -> assertThat(context).doesNotHaveBean(GateWebFilter.class));
	}

	@Test
	void backsOffOutsideReactiveApplications() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean(GateWebFilter.class));
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean(GateWebFilter.class));
	}

}
