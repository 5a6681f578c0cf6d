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

import java.util.Map;
import java.util.stream.Stream;

import io.github.migrationguard.actuate.MigrationDescriptor.AttemptDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.InvalidIndexDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedSessionDescriptor;
import io.github.migrationguard.autoconfigure.MigrationGuardAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationsEndpointAutoConfiguration}.
 *
 * @author Migration Guard
 */
class MigrationsEndpointAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MigrationGuardAutoConfiguration.class, MigrationsEndpointAutoConfiguration.class));

	private final ApplicationContextRunner exposed = this.contextRunner
		.withPropertyValues("management.endpoints.web.exposure.include=migrations");

	@Test
	void endpointIsAvailableWhenExposed() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(MigrationsEndpoint.class)
			.hasSingleBean(MigrationsEndpointWebExtension.class));
	}

	@Test
	@Tag("security:S1")
	void endpointIsNotAvailableWhenNotExposed() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(MigrationsEndpoint.class)
			.doesNotHaveBean(MigrationsEndpointWebExtension.class));
	}

	@Test
	void endpointIsNotAvailableWithoutAccess() {
		this.exposed.withPropertyValues("management.endpoint.migrations.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsEndpoint.class));
	}

	@Test
	void endpointIsAvailableOverJmxAlone() {
		this.contextRunner
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=migrations")
			.run((context) -> assertThat(context).hasSingleBean(MigrationsEndpoint.class)
				.doesNotHaveBean(MigrationsEndpointWebExtension.class));
	}

	@Test
	void backsOffWithoutGuard() {
		this.exposed.withPropertyValues("migration-guard.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsEndpoint.class));
	}

	@Test
	void backsOffWithoutActuator() {
		this.exposed.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationsEndpoint.class));
	}

	@Test
	@Tag("security:S11")
	@Tag("security:S12")
	void propertiesSayWhoSeesValues() {
		this.exposed
			.withPropertyValues("management.endpoint.migrations.show-values=always",
					"management.endpoint.migrations.roles=admin")
			.run((context) -> {
				MigrationsEndpointProperties properties = context.getBean(MigrationsEndpointProperties.class);
				assertThat(properties.getShowValues()).isEqualTo(Show.ALWAYS);
				assertThat(properties.getRoles()).containsExactly("admin");
			});
		this.exposed.run((context) -> assertThat(context.getBean(MigrationsEndpointProperties.class).getShowValues())
			.isEqualTo(Show.WHEN_AUTHORIZED));
	}

	@Test
	void typesOfTheAnswersHaveHints() {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, MigrationsEndpoint.class,
				MigrationsEndpointWebExtension.class);
		Stream
			.of(MigrationsDescriptor.class, MigrationDescriptor.class, BlockerDescriptor.class,
					QueuedSessionDescriptor.class, AttemptDescriptor.class, InvalidIndexDescriptor.class)
			.forEach((type) -> assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints));
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(MigrationsEndpointWebExtension.class, "end"))
			.accepts(hints);
	}

	@Test
	void nothingIsDescribedWithoutMigrations() {
		this.exposed.run((context) -> assertThat(
				context.getBean(MigrationsEndpointWebExtension.class).migrations(SecurityContext.NONE).migrations())
			.isEqualTo(Map.of()));
	}

}
