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
import java.util.function.UnaryOperator;

import io.github.migrationguard.integration.slices.SliceApplication;
import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.EmbeddedPostgresTest;
import io.github.migrationguard.testsupport.OtherSession;
import io.github.migrationguard.testsupport.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
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
@ExtendWith(OutputCaptureExtension.class)
class SecurityTests {

	private static final String MIGRATION = "/actuator/migrations/liquibase";

	private static final String SESSION = MIGRATION + "/1";

	private static final String STATUS = "/actuator/migrations";

	private static final String MARKUP = "<script>alert(1)</script>";

	private static final String ESCAPE = "\u001b";

	private static final String HOSTILE_QUERY = "select 1 as \"<img src=x>\r\n\u001b[31m\\\" /* COMMENT */"
			+ " from orders where note = 'LITERAL\u001b'";

	@TempDir
	private Path directory;

	@Test
	@Tag("security:S2")
	@Tag("security:S6")
	@Tag("security:S18")
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
	@Tag("security:S6")
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

	@Test
	@Tag("security:S6")
	@Tag("security:S8")
	@Tag("security:S10")
	@Tag("security:S11")
	@Tag("security:S12")
	@Tag("security:S13")
	@Tag("security:S15")
	@Tag("security:S16")
	@Tag("security:S20")
	@Tag("security:S31")
	void strangerInTheWayIsShownAsTheCallerMaySee(TestDatabase database, CapturedOutput output) {
		database.client().sql("create table orders (id int, note text)").update();
		int port = Http.freePort();
		Service service = Service
			.of(database, Changelog.empty().changeSet("total", "alter table orders add total int"), this.directory,
					SliceApplication.class, Operators.class)
			.with("server.port", port)
			.with("spring.autoconfigure.exclude", "")
			.with("management.endpoint.health.show-details", "always")
			.with("management.endpoint.migrations.access", "unrestricted")
			.with("management.endpoint.migrations.roles", "OPERATOR")
			.with("migration-guard.ddl.lock-timeout", "300ms")
			.with("migration-guard.blockers.end-on-request", true);
		Http anonymous = new Http(port);
		Http alice = anonymous.as("alice", "secret");
		Http operator = anonymous.as("operator", "secret");
		try (OtherSession stranger = OtherSession.open(database, MARKUP)) {
			stranger.begin(HOSTILE_QUERY);
			CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(service::start);
			Awaiting.await("server").until(anonymous::isReachable);
			assertThat(blocked(anonymous::body)).contains(MARKUP).doesNotContain("orders where");
			assertThat(blocked(alice::body)).doesNotContain("orders where");
			assertThat(blocked(operator::body)).contains("orders where note = ?")
				.doesNotContain("LITERAL", "COMMENT", ESCAPE);
			assertThat(anonymous.page(STATUS)).isEqualTo(PageServer.page());
			assertThat(operator.page(STATUS)).isEqualTo(PageServer.page());
			assertThat(anonymous.body("/actuator/health")).contains("BACKING_OFF")
				.doesNotContain("orders where", "jdbc:", "AccessExclusiveLock", MARKUP);
			String metrics = operator.body("/actuator/prometheus");
			assertThat(metrics).contains("migrations_state{");
			assertThat(metrics.lines().filter((line) -> line.startsWith("migrations_")))
				.noneMatch((line) -> line.contains("script") || line.contains("orders")
						|| line.contains(String.valueOf(stranger.pid())));
			String session = MIGRATION + "/" + stranger.pid();
			assertThat(anonymous.status("DELETE", session)).isEqualTo(401);
			assertThat(alice.status("DELETE", session)).isEqualTo(403);
			assertThat(stranger.isAlive()).isTrue();
			Awaiting.await("ended").until(() -> operator.status("DELETE", session) == 204);
			start.join().close();
			assertThat(stranger.isAlive()).isFalse();
		}
		assertThat(output.getAll()).contains("was ended on request of 'operator'")
			.contains("application " + MARKUP)
			.doesNotContain("LITERAL", "COMMENT", "orders where", ESCAPE);
	}

	/**
	 * Ask until the stranger is in the way, which it is not between two attempts.
	 */
	private static String blocked(UnaryOperator<String> caller) {
		return Awaiting.await("blocked").until(() -> caller.apply(STATUS), (answer) -> answer.contains("alert(1)"));
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
