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

import java.net.http.HttpResponse;

import io.github.migrationguard.testsupport.HeldApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.json.JsonContent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GateFilter} with a real server.
 *
 * @author Migration Guard
 */
class ServletGateTests {

	private static HeldApplication application;

	@BeforeAll
	static void start() {
		application = HeldApplication.servlet(HelloController.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void heldRequestTellsWhatIsWaitedForAndWhenToComeBack() {
		HttpResponse<String> response = application.get("/hello");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
		assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(new JsonContent(response.body())).isLenientlyEqualTo("""
				{"type":"about:blank","title":"Service Unavailable","status":503,"state":"PENDING",
				"detail":"The database migrations of this application are not done yet."}""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/hello", "/hello/", "/hello/there", "/", "/unknown", "/error", "/hello;a=b" })
	void businessIsHeld(String path) {
		assertThat(application.get(path).statusCode()).isEqualTo(503);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/actuator/health/liveness", "/actuator/health?a=b" })
	void actuatorIsServed(String path) {
		assertThat(application.get(path).body()).doesNotContain("about:blank");
	}

	@Test
	void livenessAndReadinessAreAnswered() {
		assertThat(application.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
		HttpResponse<String> readiness = application.get("/actuator/health/readiness");
		assertThat(readiness.statusCode()).isEqualTo(503);
		assertThat(readiness.body()).contains("OUT_OF_SERVICE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuatorX", "/actuator/business", "/actuator/../hello", "/actuator/health/../../hello",
			"/actuator/health/..;/../hello", "/actuator/health/%2e%2e/%2e%2e/hello", "/hello/../actuator/health",
			"/hello/%2e%2e/actuator/health", "/hello/..;/actuator/health", "//actuator/health/../../hello",
			"/%61ctuator/health", "/actuator;a=b/health", "/actuator/healthX", "/livez", "/readyz" })
	@Tag("security:S18")
	void pathThatOnlyLooksLikeActuatorIsHeld(String path) {
		HttpResponse<String> response = application.get(path);
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("about:blank");
	}

	@Test
	void everythingIsServedWhenMigrationsAreDone() {
		try (HeldApplication released = HeldApplication.servlet(HelloController.class)) {
			assertThat(released.get("/hello").statusCode()).isEqualTo(503);
			released.release();
			assertThat(released.get("/hello").statusCode()).isEqualTo(200);
			assertThat(released.get("/actuatorX").statusCode()).isEqualTo(200);
			assertThat(released.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void pathsOfContextServletAndActuatorAreRespected() {
		try (HeldApplication application = HeldApplication.servlet(HelloController.class,
				"server.servlet.context-path=/shop", "spring.mvc.servlet.path=/api",
				"management.endpoints.web.base-path=/manage",
				"management.endpoint.health.probes.add-additional-paths=true")) {
			assertThat(application.get("/shop/api/manage/health/liveness").statusCode()).isEqualTo(200);
			assertThat(application.get("/shop/api/livez").statusCode()).isEqualTo(200);
			assertThat(application.get("/shop/api/readyz").body()).contains("OUT_OF_SERVICE");
			assertThat(application.get("/shop/api/hello").body()).contains("about:blank");
			assertThat(application.get("/shop/api/actuator/health").body()).contains("about:blank");
			application.release();
			assertThat(application.get("/shop/api/hello").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void onlyEndpointsAreServedWhenTheyAreAtTheRoot() {
		try (HeldApplication application = HeldApplication.servlet(HelloController.class,
				"management.endpoints.web.base-path=/")) {
			assertThat(application.get("/health/liveness").statusCode()).isEqualTo(200);
			assertThat(application.get("/hello").body()).contains("about:blank");
		}
	}

	@Test
	void onlyAdditionalPathsAreServedWhenActuatorHasItsOwnPort() {
		try (HeldApplication application = HeldApplication.servlet(HelloController.class, "management.server.port=0",
				"management.endpoint.health.probes.add-additional-paths=true")) {
			assertThat(application.getFromManagementPort("/actuator/health/liveness").statusCode()).isEqualTo(200);
			assertThat(application.get("/actuator/health/liveness").body()).contains("about:blank");
			assertThat(application.get("/livez").statusCode()).isEqualTo(200);
			assertThat(application.get("/hello").body()).contains("about:blank");
			application.release();
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
		}
	}

}
