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

package io.github.migrationguard.autoconfigure;

import java.util.function.Consumer;

import io.github.migrationguard.MigrationGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationGuardProperties} and {@link MigrationGuardAutoConfiguration}.
 *
 * @author Migration Guard
 */
class MigrationGuardPropertiesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MigrationGuardAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource(textBlock = """
			migration-guard.lock.wait-timeout, -1s
			migration-guard.lock.wait-timeout, 0s
			migration-guard.lock.wait-timeout, 366d
			migration-guard.database.wait-timeout, 999999d
			migration-guard.shutdown.grace, 366d
			migration-guard.database.wait-timeout, -1s
			migration-guard.shutdown.grace, -1s
			migration-guard.lock.name, ' '
			migration-guard.instance-id, ' '
			migration-guard.session.settings.lock_timeout, 1s""")
	void refusesValueThatMakesNoSense(String name, String value) {
		this.contextRunner.withPropertyValues(name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, named(name)));
	}

	private static Consumer<InvalidConfigurationPropertyValueException> named(String name) {
		return (ex) -> {
			assertThat(ex.getName()).isEqualTo(name);
			assertThat(ex.getReason()).isNotBlank();
		};
	}

	@Test
	void refusesUnknownChoice() {
		this.contextRunner.withPropertyValues("migration-guard.on-failure=explode")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("Failed to bind properties under 'migration-guard.on-failure'"));
	}

	@Test
	void instanceIsNamedAfterApplicationAndHost() {
		this.contextRunner.withPropertyValues("spring.application.name=orders", "HOSTNAME=orders-7c9f-0")
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getInstance())
				.isEqualTo("orders/orders-7c9f-0"));
	}

	@Test
	void instanceIsNamedByProperty() {
		this.contextRunner.withPropertyValues("migration-guard.instance-id=orders-a")
			.run((context) -> assertThat(context.getBean(MigrationGuard.class).getInstance()).isEqualTo("orders-a"));
	}

	@Test
	void backsOffWhenDisabled() {
		this.contextRunner.withPropertyValues("migration-guard.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationGuard.class));
	}

	@Test
	void backsOffWithoutDriver() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.postgresql"))
			.run((context) -> assertThat(context).doesNotHaveBean(MigrationGuard.class));
	}

}
