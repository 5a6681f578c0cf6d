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

import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationsHealthContributorAutoConfiguration} and
 * {@link ReadinessGroupPostProcessor}.
 *
 * @author Migration Guard
 */
class MigrationsHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class,
				MigrationsHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityProbesAutoConfiguration.class, EndpointAutoConfiguration.class))
		.withBean(ApplicationAvailabilityBean.class)
		.withPropertyValues("management.endpoints.web.exposure.include=health");

	@Test
	void healthOfMigrationsIsPartOfTheWhole() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).healthForPath("migrations").getStatus())
				.isEqualTo(Status.UP));
	}

	@Test
	void migrationsBelongToReadinessAndNotToLiveness() {
		this.contextRunner.run((context) -> {
			HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
			assertThat(groups.get("readiness").isMember("migrations")).isTrue();
			assertThat(groups.get("readiness").isMember("readinessState")).isTrue();
			assertThat(groups.get("readiness").isMember("other")).isFalse();
			assertThat(groups.get("liveness").isMember("migrations")).isFalse();
			assertThat(groups.getNames()).containsExactlyInAnyOrder("liveness", "readiness");
		});
	}

	@Test
	void migrationsBelongToReadinessGroupOfTheUser() {
		this.contextRunner
			.withPropertyValues("management.endpoint.health.group.readiness.include=readinessState,ping",
					"management.endpoint.health.group.readiness.show-details=always")
			.run((context) -> {
				HealthEndpointGroup readiness = context.getBean(HealthEndpointGroups.class).get("readiness");
				assertThat(readiness.isMember("migrations")).isTrue();
				assertThat(readiness.isMember("ping")).isTrue();
				assertThat(readiness.showDetails(null)).isTrue();
			});
	}

	@Test
	void additionalPathsOfReadinessStay() {
		this.contextRunner.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true")
			.run((context) -> {
				HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
				HealthEndpointGroup group = groups
					.get(AdditionalHealthEndpointPath.of(WebServerNamespace.SERVER, "/readyz"));
				assertThat(group.isMember("migrations")).isTrue();
				assertThat(((AdditionalPathsMapper) groups).getAdditionalPaths(EndpointId.of("health"),
						WebServerNamespace.SERVER))
					.contains("/livez", "/readyz");
			});
	}

	@Test
	void groupsStayAsTheyAreWithoutReadiness() {
		this.contextRunner.withPropertyValues("management.endpoint.health.probes.enabled=false")
			.run((context) -> assertThat(context.getBean(HealthEndpointGroups.class).getNames()).isEmpty());
	}

	@Test
	void staysMemberOfReadinessWhenOtherIndicatorsAreOff() {
		this.contextRunner
			.withPropertyValues("management.health.defaults.enabled=false",
					"management.endpoint.health.group.readiness.include=readinessState")
			.run((context) -> assertThat(
					context.getBean(HealthEndpointGroups.class).get("readiness").isMember("migrations"))
				.isTrue());
	}

	@Test
	void backsOffWhenDisabled() {
		this.contextRunner.withPropertyValues("management.health.migrations.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(MigrationsHealthIndicator.class);
			assertThat(context.getBean(HealthEndpointGroups.class).get("readiness").isMember("migrations")).isFalse();
		});
	}

	@Test
	void backsOffWithoutGuard() {
		this.contextRunner.withPropertyValues("migration-guard.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsHealthIndicator.class));
	}

	@Test
	void backsOffWithoutHealth() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class,
					MigrationsHealthContributorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsHealthIndicator.class));
	}

	@Test
	void indicatorNeedsNoActuator() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class,
					MigrationsHealthContributorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(AdditionalPathsMapper.class))
			.run((context) -> assertThat(context).hasSingleBean(MigrationsHealthIndicator.class)
				.doesNotHaveBean(HealthEndpointGroupsPostProcessor.class));
	}

	@Test
	void indicatorOfTheUserWins() {
		this.contextRunner.withUserConfiguration(UserConfiguration.class)
			.run((context) -> assertThat(context.getBean("migrationsHealthIndicator"))
				.isNotInstanceOf(MigrationsHealthIndicator.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class UserConfiguration {

		@Bean
		HealthIndicator migrationsHealthIndicator() {
			return () -> Health.up().build();
		}

	}

}
