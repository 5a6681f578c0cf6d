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

package io.github.migrationguard.actuate;

import java.net.http.HttpResponse;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.HeldApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Configuration;
import org.springframework.test.json.JsonContent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contract of what the endpoint answers to whom, whatever serves it.
 *
 * @author Migration Guard
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractMigrationsEndpointWebTests {

	static final String EXPOSED = "management.endpoints.web.exposure.include=health,migrations";

	static final String OWN_PORT = "management.server.port=0";

	static final String BASE_PATH = "management.endpoints.web.base-path=/manage";

	private static final String UNRESTRICTED = "management.endpoint.migrations.access=unrestricted";

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

	private static final String JSON = "application/vnd.spring-boot.actuator.v3+json";

	private HeldApplication application;

	@BeforeAll
	void start() {
		this.application = start(EXPOSED);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	abstract HeldApplication start(String... properties);

	/**
	 * Start an application whose own context path is {@code /shop}.
	 */
	abstract HeldApplication startBelowShop(String... properties);

	@ParameterizedTest
	@ValueSource(strings = { BROWSER, "text/html", "text/*", "application/json;q=0.5, text/html" })
	@Tag("security:S13")
	void browserGetsPage(String accept) {
		assertPage(this.application.get("/actuator/migrations", accept));
	}

	@Test
	void everybodyElseGetsJson() {
		assertJson(this.application.get("/actuator/migrations"), JSON);
		assertJson(this.application.get("/actuator/migrations", "*/*"), JSON);
		assertJson(this.application.get("/actuator/migrations", "application/*"), JSON);
		assertJson(this.application.get("/actuator/migrations", "application/json"), "application/json");
		assertJson(this.application.get("/actuator/migrations", "application/json, text/html;q=0.9"),
				"application/json");
		assertJson(this.application.get("/actuator/migrations", "application/json, text/plain, */*"),
				"application/json");
		assertJson(this.application.get("/actuator/migrations", JSON), JSON);
		assertJson(this.application.get("/actuator/migrations", "application/vnd.spring-boot.actuator.v2+json"),
				"application/vnd.spring-boot.actuator.v2+json");
	}

	@Test
	void oneMigrationIsJson() {
		HttpResponse<String> response = this.application.get("/actuator/migrations/held", BROWSER);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(new JsonContent(response.body())).isLenientlyEqualTo("{\"state\":\"PENDING\",\"tool\":\"test\"}");
	}

	@Test
	void pictureIsNotAcceptable() {
		assertThat(this.application.get("/actuator/migrations", "image/png").statusCode()).isEqualTo(406);
	}

	@Test
	void contextPathAndBasePathMakeNoDifference() {
		try (HeldApplication application = startBelowShop(EXPOSED, BASE_PATH)) {
			assertPage(application.get("/shop/manage/migrations", BROWSER));
			assertJson(application.get("/shop/manage/migrations", "*/*"), JSON);
		}
	}

	@Test
	void managementPortMakesNoDifference() {
		try (HeldApplication application = start(EXPOSED, OWN_PORT)) {
			assertPage(application.getFromManagementPort("/actuator/migrations", BROWSER));
			assertJson(application.getFromManagementPort("/actuator/migrations", "*/*"), JSON);
		}
	}

	private static void assertPage(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(response.body()).isEqualTo(new MigrationsPage().toString());
	}

	private static void assertJson(HttpResponse<String> response, String contentType) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue(contentType);
		assertThat(new JsonContent(response.body())).isLenientlyEqualTo("{\"state\":\"PENDING\"}");
	}

	@Test
	@Tag("security:S3")
	void nothingCanBeChangedUnlessAccessIsUnrestricted() {
		assertThat(this.application.request("POST", "/actuator/migrations/held").statusCode()).isEqualTo(405);
		assertThat(this.application.request("DELETE", "/actuator/migrations/held/1").statusCode()).isEqualTo(404);
	}

	@Test
	void migrationThatFailedIsTriedAgainOnRequest() {
		try (HeldApplication application = start(EXPOSED, UNRESTRICTED, "migration-guard.on-failure=stay-up")) {
			assertProblem(retry(application, "held"), 409, "PENDING");
			application.migration().fail();
			awaitState(application, "FAILED");
			assertThat(application.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
			assertProblem(retry(application, "unknown"), 404, "unknown");
			HttpResponse<String> retried = retry(application, "held");
			assertThat(retried.statusCode()).isEqualTo(202);
			assertThat(new JsonContent(retried.body())).isLenientlyEqualTo("{\"tool\":\"test\"}");
			awaitState(application, "FAILED");
			application.migration().mend();
			Awaiting.await("accepted").until(() -> retry(application, "held").statusCode() == 202);
			application.release();
			awaitState(application, "SKIPPED");
			assertThat(application.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
			assertProblem(retry(application, "held"), 409, "SKIPPED");
		}
	}

	@Test
	@Tag("security:S4")
	void sessionIsEndedOnlyIfThatIsSwitchedOn() {
		try (HeldApplication application = start(EXPOSED, UNRESTRICTED)) {
			assertProblem(application.request("DELETE", "/actuator/migrations/held/1"), 403,
					"migration-guard.blockers.end-on-request");
		}
		try (HeldApplication application = start(EXPOSED, UNRESTRICTED,
				"migration-guard.blockers.end-on-request=true")) {
			assertProblem(application.request("DELETE", "/actuator/migrations/held/1"), 404, "not in the way");
			assertProblem(application.request("DELETE", "/actuator/migrations/unknown/1"), 404, "unknown");
			assertThat(application.request("DELETE", "/actuator/migrations/held/one").statusCode()).isEqualTo(400);
		}
	}

	private static HttpResponse<String> retry(HeldApplication application, String name) {
		return application.request("POST", "/actuator/migrations/" + name);
	}

	private static void awaitState(HeldApplication application, String state) {
		Awaiting.await(state)
			.until(() -> application.get("/actuator/migrations")
				.body()
				.startsWith("{\"state\":\"%s\"".formatted(state).replace("SKIPPED", "UP_TO_DATE")));
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(new JsonContent(response.body()))
			.isLenientlyEqualTo("{\"type\":\"about:blank\",\"status\":%d}".formatted(status));
		assertThat(response.body()).contains("\"detail\":").contains(detail);
	}

	@Configuration(proxyBeanMethods = false)
	static class NothingElse {

	}

}
