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

import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application with Spring Security.
 *
 * @author Migration Guard
 */
@EmbeddedPostgresTest
class SecurityTests {

	private static final String MIGRATION = "/actuator/migrations/liquibase";

	private static final String SESSION = MIGRATION + "/1";

	@TempDir
	private Path directory;

	@Test
	void requestsAreHeldBeforeTheyAreAuthenticatedAndActuatorKeepsItsSecurity(TestDatabase database) {
		int port = Http.freePort();
		Service service = Service.of(database, HeldStart.CHANGELOG, this.directory, SliceApplication.class)
			.with("server.port", port)
			.with("spring.autoconfigure.exclude", "")
			.with("spring.security.user.name", "alice")
			.with("spring.security.user.password", "secret");
		Http anonymous = new Http(port);
		Http alice = anonymous.as("alice", "secret");
		service.with("management.endpoint.migrations.access", "unrestricted")
			.with("migration-guard.blockers.end-on-request", true);
		try (HeldStart start = HeldStart.of(database, service)) {
			assertThat(anonymous.status("/hello")).isEqualTo(503);
			assertThat(alice.status("/hello")).isEqualTo(503);
			assertThat(anonymous.status("/actuator/health/liveness")).isEqualTo(200);
			assertThat(anonymous.status("/actuator/health/readiness")).isEqualTo(503);
			assertThat(anonymous.status("/actuator/migrations")).isEqualTo(401);
			assertThat(alice.body("/actuator/migrations")).contains("\"state\":\"MIGRATING\"");
			// Forbidden for want of a CSRF token, and the error page is for users only
			assertThat(alice.status("DELETE", SESSION)).isEqualTo(401);
			assertThat(alice.status("POST", MIGRATION)).isEqualTo(401);
			start.release();
			assertThat(anonymous.status("/hello")).isEqualTo(401);
			assertThat(alice.body("/hello")).isEqualTo("hello");
		}
	}

	@Test
	void statusIsForEverybodyAndChangesAreForOperators(TestDatabase database) {
		int port = Http.freePort();
		Service service = Service
			.of(database, HeldStart.CHANGELOG, this.directory, SliceApplication.class, Operators.class)
			.with("server.port", port)
			.with("spring.autoconfigure.exclude", "")
			.with("management.endpoint.migrations.access", "unrestricted")
			.with("migration-guard.blockers.end-on-request", true);
		Http anonymous = new Http(port);
		Http alice = anonymous.as("alice", "secret");
		Http operator = anonymous.as("operator", "secret");
		try (HeldStart start = HeldStart.of(database, service)) {
			assertThat(anonymous.body("/actuator/migrations")).contains("\"state\":\"MIGRATING\"");
			assertThat(anonymous.status("DELETE", SESSION)).isEqualTo(401);
			assertThat(anonymous.status("POST", MIGRATION)).isEqualTo(401);
			assertThat(alice.status("DELETE", SESSION)).isEqualTo(403);
			assertThat(alice.status("POST", MIGRATION)).isEqualTo(403);
			assertThat(operator.status("DELETE", SESSION)).isEqualTo(404);
			assertThat(operator.status("POST", MIGRATION)).isEqualTo(409);
		}
	}

	/**
	 * As in the documentation.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Operators {

		@Bean
		@Order(0)
		SecurityFilterChain probes(HttpSecurity http) {
			http.securityMatcher(EndpointRequest.to("health", "migrations"));
			http.authorizeHttpRequests((
					requests) -> requests.requestMatchers(HttpMethod.GET).permitAll().anyRequest().hasRole("OPERATOR"));
			http.httpBasic(Customizer.withDefaults());
			http.csrf((csrf) -> csrf.disable());
			return http.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(
					User.withUsername("alice").password("{noop}secret").roles("USER").build(),
					User.withUsername("operator").password("{noop}secret").roles("OPERATOR").build());
		}

	}

}
