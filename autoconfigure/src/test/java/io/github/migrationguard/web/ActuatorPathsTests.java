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

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.EndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ActuatorPaths}.
 *
 * @author Migration Guard
 */
class ActuatorPathsTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void endpointIsOpenWithEverythingBelow() {
		OpenPaths paths = paths("/actuator", endpoint("health", "health"));
		assertThat(paths.contains("/actuator/health")).isTrue();
		assertThat(paths.contains("/actuator/health/liveness")).isTrue();
		assertThat(paths.contains("/actuator/healthX")).isFalse();
	}

	@Test
	void basePathIsOpenAlone() {
		OpenPaths paths = paths("/actuator", endpoint("health", "health"));
		assertThat(paths.contains("/actuator")).isTrue();
		assertThat(paths.contains("/actuator/other")).isFalse();
		assertThat(paths.contains("/actuatorX")).isFalse();
	}

	@Test
	void endpointAtBasePathIsOpenWithEverythingBelow() {
		OpenPaths paths = paths("/actuator", endpoint("health", "/"));
		assertThat(paths.contains("/actuator/liveness")).isTrue();
		assertThat(paths.contains("/hello")).isFalse();
	}

	@Test
	void nothingIsOpenBelowTheRoot() {
		OpenPaths paths = paths("", endpoint("health", "/"));
		assertThat(paths.contains("/")).isTrue();
		assertThat(paths.contains("/hello")).isFalse();
		assertThat(paths.contains("")).isFalse();
	}

	@Test
	void additionalPathIsOpenWhateverThePort() {
		ExposableWebEndpoint health = endpoint("health", "health", "/livez", "readyz");
		for (String port : List.of("8080", "8081")) {
			this.environment.setProperty("management.server.port", port);
			OpenPaths paths = paths("/actuator", health);
			assertThat(paths.contains("/livez")).isTrue();
			assertThat(paths.contains("/readyz")).isTrue();
			assertThat(paths.contains("/livezX")).isFalse();
		}
	}

	@Test
	void endpointIsNotOpenWhenActuatorHasItsOwnPort() {
		this.environment.setProperty("management.server.port", "8081");
		OpenPaths paths = paths("/actuator", endpoint("health", "health"));
		assertThat(paths.contains("/actuator")).isFalse();
		assertThat(paths.contains("/actuator/health")).isFalse();
	}

	@Test
	void pathOfServletComesFirst() {
		OpenPaths paths = paths((path) -> "/api" + path, "/actuator", endpoint("health", "health", "/livez"));
		assertThat(paths.contains("/api/actuator")).isTrue();
		assertThat(paths.contains("/api/actuator/health")).isTrue();
		assertThat(paths.contains("/api/livez")).isTrue();
		assertThat(paths.contains("/actuator/health")).isFalse();
	}

	@Test
	void nothingIsOpenWithoutEndpoints() {
		OpenPaths paths = new ActuatorPaths(provider(new StaticListableBeanFactory()), this.environment,
				UnaryOperator.identity());
		assertThat(paths.contains("/actuator/health")).isFalse();
	}

	private OpenPaths paths(String basePath, ExposableWebEndpoint... endpoints) {
		return paths(UnaryOperator.identity(), basePath, endpoints);
	}

	private OpenPaths paths(UnaryOperator<String> toServerPath, String basePath, ExposableWebEndpoint... endpoints) {
		EndpointsSupplier<ExposableWebEndpoint> supplier = () -> Arrays.asList(endpoints);
		StaticListableBeanFactory beanFactory = new StaticListableBeanFactory();
		beanFactory.addBean("pathMappedEndpoints", new PathMappedEndpoints(basePath, supplier));
		return new ActuatorPaths(provider(beanFactory), this.environment, toServerPath);
	}

	private static ObjectProvider<PathMappedEndpoints> provider(StaticListableBeanFactory beanFactory) {
		return beanFactory.getBeanProvider(PathMappedEndpoints.class);
	}

	private static ExposableWebEndpoint endpoint(String id, String rootPath, String... additionalPaths) {
		ExposableWebEndpoint endpoint = mock();
		given(endpoint.getEndpointId()).willReturn(EndpointId.of(id));
		given(endpoint.getRootPath()).willReturn(rootPath);
		given(endpoint.getAdditionalPaths(WebServerNamespace.SERVER)).willReturn(List.of(additionalPaths));
		return endpoint;
	}

}
