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

package io.github.migrationguard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.migrationguard.autoconfigure.MigrationGuardProperties;
import io.github.migrationguard.testsupport.Manifest;
import io.github.migrationguard.testsupport.Manifest.Container;
import io.github.migrationguard.testsupport.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code docs/deployment.md} and its manifests.
 *
 * @author Migration Guard
 */
class DeploymentTests {

	private static final Page PAGE = Page.of("deployment.md");

	/**
	 * How long a statement that does not react to its cancellation is waited for.
	 */
	private static final Duration CANCELLATION = Duration.ofSeconds(12);

	private static final ConfigurationMetadata METADATA = ConfigurationMetadata.load();

	@Test
	void pageHasEveryManifest() throws IOException {
		assertThat(Manifest.files()).hasSize(4);
		for (Path file : Manifest.files()) {
			assertThat(PAGE.code("yaml")).contains(Files.readString(file));
		}
	}

	@Test
	void manifestsAreOfTheKindsThatThePageTellsOf() {
		assertThat(kinds("deployment.yaml")).containsExactly("apps/v1 Deployment", "v1 Service");
		assertThat(kinds("job.yaml")).containsExactly("batch/v1 Job");
		assertThat(kinds("waiting-deployment.yaml")).containsExactly("apps/v1 Deployment");
		assertThat(kinds("init-container.yaml")).containsExactly("apps/v1 Deployment");
	}

	private static List<String> kinds(String name) {
		Path file = Manifest.files().stream().filter((path) -> path.endsWith(name)).findFirst().orElseThrow();
		return Manifest.read(file)
			.stream()
			.map((manifest) -> manifest.content().get("apiVersion") + " " + manifest.kind())
			.toList();
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void everyVariableAndArgumentIsAProperty(Manifest manifest) {
		for (Container container : manifest.containers()) {
			assertThat(container.environment((secret) -> secret).keySet()).isNotEmpty()
				.allSatisfy(
						(name) -> assertThat(METADATA.names()).anyMatch((property) -> variable(property).equals(name)));
			assertThat(container.arguments())
				.allSatisfy((argument) -> assertThat(METADATA.names()).contains(argument.replaceAll("^--|=.*", "")));
		}
	}

	private static String variable(String property) {
		return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void podsHaveTimeToEnd(Manifest manifest) {
		Duration termination = seconds(manifest.pod().get("terminationGracePeriodSeconds"));
		for (Container container : manifest.containers()) {
			assertThat(termination).isGreaterThan(properties(container).getShutdown().getGrace().plus(CANCELLATION));
			assertThat(container.resources()).containsOnlyKeys("requests", "limits");
		}
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void deadlinesAreLongerThanTheWaitForTheLock(Manifest manifest) {
		boolean job = manifest.kind().equals("Job");
		Duration deadline = seconds(manifest.spec().get(job ? "activeDeadlineSeconds" : "progressDeadlineSeconds"));
		assertThat(manifest.containers()).allSatisfy(
				(container) -> assertThat(deadline).isGreaterThan(properties(container).getLock().getWaitTimeout()));
	}

	@ParameterizedTest
	@MethodSource("manifests")
	void probesAskTheManagementPort(Manifest manifest) {
		for (Container container : manifest.containers()) {
			boolean job = properties(container).getJob().isEnabled();
			assertThat(container.request("startupProbe").isEmpty()).isEqualTo(job);
			if (!job) {
				assertThat(container.ports()).containsEntry("management",
						Integer.valueOf(container.environment((secret) -> secret).get("MANAGEMENT_SERVER_PORT")));
				assertThat(container.request("startupProbe")).isEqualTo(probe("liveness"));
				assertThat(container.request("livenessProbe")).isEqualTo(probe("liveness"));
				assertThat(container.request("readinessProbe")).isEqualTo(probe("readiness"));
			}
		}
	}

	private static Map<String, Object> probe(String group) {
		return Map.of("path", "/actuator/health/" + group, "port", "management");
	}

	@Test
	void nobodyWhoWaitsKnowsThePasswordOfTheMigrator() {
		for (String name : List.of("waiting-deployment.yaml", "init-container.yaml")) {
			List<Container> containers = Manifest.read(name).containers();
			Container application = containers.get(containers.size() - 1);
			assertThat(properties(application).getRole()).isEqualTo(MigrationRole.WAIT);
			assertThat(application.environment((secret) -> secret).values()).contains("orders-app/password")
				.noneMatch((value) -> value.contains("migrator"));
		}
	}

	@Test
	void jobIsRepeatedInANewPod() {
		Manifest job = Manifest.read("job.yaml");
		assertThat(job.pod()).containsEntry("restartPolicy", "Never");
		assertThat(job.spec()).containsKey("backoffLimit");
		assertThat(job.containers()).singleElement()
			.satisfies((container) -> assertThat(properties(container).getJob().isEnabled()).isTrue());
	}

	/**
	 * What the application makes of the arguments and the environment.
	 */
	private static MigrationGuardProperties properties(Container container) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("container-systemEnvironment",
					Map.copyOf(container.environment((secret) -> secret))));
		environment.getPropertySources()
			.addFirst(new SimpleCommandLinePropertySource(container.arguments().toArray(String[]::new)));
		ConfigurationPropertySources.attach(environment);
		return Binder.get(environment).bindOrCreate("migration-guard", MigrationGuardProperties.class);
	}

	private static Duration seconds(Object value) {
		return Duration.ofSeconds((Integer) value);
	}

	static Stream<Manifest> manifests() {
		return Manifest.files()
			.stream()
			.flatMap((file) -> Manifest.read(file).stream())
			.filter((manifest) -> !manifest.pod().isEmpty());
	}

}
