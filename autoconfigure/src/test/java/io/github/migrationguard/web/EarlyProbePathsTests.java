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

import java.net.InetSocketAddress;

import io.github.migrationguard.web.EarlyProbePaths.Probe;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EarlyProbePaths}.
 *
 * @author Migration Guard
 */
class EarlyProbePathsTests {

	@Test
	void listensOnTheMainPort() {
		assertThat(servlet().addresses()).containsExactly(new InetSocketAddress(8080));
		assertThat(servlet("server.port=9090", "server.address=127.0.0.1").addresses())
			.containsExactly(new InetSocketAddress("127.0.0.1", 9090));
		assertThat(servlet("server.port=9090", "server.address=::1").addresses())
			.containsExactly(new InetSocketAddress("::1", 9090));
		assertThat(servlet("management.server.port=8080").addresses()).containsExactly(new InetSocketAddress(8080));
	}

	@Test
	void listensOnTheManagementPort() {
		assertThat(servlet("management.server.port=9091").addresses()).containsExactly(new InetSocketAddress(9091));
		assertThat(servlet("management.server.port=9091", "management.server.address=127.0.0.1",
				"management.endpoint.health.probes.add-additional-paths=true")
			.addresses()).containsExactly(new InetSocketAddress("127.0.0.1", 9091), new InetSocketAddress(8080));
	}

	@Test
	void listensNowhereIfThePortIsNotFixedOrSwitchedOff() {
		assertThat(servlet("server.port=0").addresses()).isEmpty();
		assertThat(servlet("server.port=-1").addresses()).isEmpty();
		assertThat(servlet("management.server.port=-1").addresses()).isEmpty();
	}

	@Test
	void listensOnlyWherePlainHttpIsSpoken() {
		assertThat(servlet("server.ssl.bundle=web").addresses()).isEmpty();
		assertThat(servlet("server.ssl.key-store=classpath:keys.p12").addresses()).isEmpty();
		assertThat(servlet("server.ssl.certificate=classpath:cert.pem").addresses()).isEmpty();
		assertThat(servlet("server.ssl.bundle=web", "server.ssl.enabled=false").addresses()).hasSize(1);
		assertThat(servlet("server.ssl.bundle=web", "management.server.port=9091",
				"management.endpoint.health.probes.add-additional-paths=true")
			.addresses()).containsExactly(new InetSocketAddress(9091));
		assertThat(servlet("management.server.port=9091", "management.server.ssl.bundle=web").addresses()).isEmpty();
	}

	@Test
	void findsProbesBelowTheBasePaths() {
		assertProbesBelow(servlet(), "/actuator");
		assertProbesBelow(servlet("management.endpoints.web.base-path=/"), "");
		assertProbesBelow(servlet("management.endpoints.web.base-path=/manage"), "/manage");
		assertProbesBelow(servlet("server.servlet.context-path=/orders", "spring.mvc.servlet.path=/api"),
				"/orders/api/actuator");
		assertProbesBelow(servlet("server.servlet.context-path=/orders", "management.server.port=9091",
				"management.server.base-path=/internal", "management.endpoints.web.base-path=/"), "/internal");
		assertProbesBelow(reactive("spring.webflux.base-path=/orders"), "/orders/actuator");
	}

	@Test
	void followsMappedPaths() {
		EarlyProbePaths paths = servlet("management.endpoints.web.path-mapping.health=healthcheck");
		assertThat(paths.find("/actuator/healthcheck/liveness")).isEqualTo(Probe.LIVENESS);
		assertThat(paths.find("/actuator/health/liveness")).isEqualTo(Probe.OTHER);
	}

	@Test
	void findsAdditionalPathsWhereTheyAreSwitchedOn() {
		assertThat(servlet().find("/livez")).isEqualTo(Probe.OTHER);
		EarlyProbePaths paths = servlet("management.endpoint.health.probes.add-additional-paths=true",
				"server.servlet.context-path=/orders");
		assertThat(paths.find("/orders/livez")).isEqualTo(Probe.LIVENESS);
		assertThat(paths.find("/orders/readyz")).isEqualTo(Probe.READINESS);
		assertThat(paths.find("/livez")).isEqualTo(Probe.OTHER);
	}

	private static void assertProbesBelow(EarlyProbePaths paths, String base) {
		assertThat(paths.find(base + "/health/liveness")).isEqualTo(Probe.LIVENESS);
		assertThat(paths.find(base + "/health/readiness")).isEqualTo(Probe.READINESS);
		assertThat(paths.find(base + "/health")).isEqualTo(Probe.READINESS);
		assertThat(paths.find(base + "/migrations")).isEqualTo(Probe.MIGRATIONS);
		assertThat(paths.find(base + "/health/liveness/")).isEqualTo(Probe.OTHER);
		assertThat(paths.find(base + "/env")).isEqualTo(Probe.OTHER);
	}

	private static EarlyProbePaths servlet(String... properties) {
		return paths(true, properties);
	}

	private static EarlyProbePaths reactive(String... properties) {
		return paths(false, properties);
	}

	private static EarlyProbePaths paths(boolean servlet, String... properties) {
		StandardEnvironment environment = new StandardEnvironment();
		TestPropertyValues.of(properties).applyTo(environment);
		return new EarlyProbePaths(environment, servlet);
	}

}
