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

import java.sql.SQLException;

import io.github.migrationguard.Failures;
import io.github.migrationguard.startup.StartupPlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SchemaReaderFailureAnalyzer}.
 *
 * @author Migration Guard
 */
class SchemaReaderFailureAnalyzerTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	SchemaReaderFailureAnalyzerTests() {
		this.beanFactory.registerBeanDefinition("migrationStartupPlan", new RootBeanDefinition(StartupPlan.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "42P01", "42703", "3F000" })
	void namesBeanAndSettings(String sqlState) {
		FailureAnalysis analysis = analyze(new SQLException("ERROR: it does not exist\n  Position: 15", sqlState));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.startsWith("The bean 'reader' needs the schema while it is created: ERROR: it does not exist")
			.doesNotContain("Position");
		assertThat(analysis.getAction()).contains("migration-guard.startup.mode=in-refresh",
				"migration-guard.startup.schema-readers=reader");
	}

	@Test
	void otherFailuresAreLeftToOthers() {
		assertThat(analyze(new SQLException("ERROR: permission denied", "42501"))).isNull();
		assertThat(new SchemaReaderFailureAnalyzer(this.beanFactory, this.environment)
			.analyze(new SQLException("ERROR: it does not exist", "42P01"))).isNull();
	}

	@Test
	void failedMigrationsAreLeftToOthers() {
		assertThat(analyze(Failures.failed(new SQLException("ERROR: it does not exist", "42P01")))).isNull();
	}

	@Test
	void migrationsWhileBeansAreCreatedAreNotTheReason() {
		this.environment.setProperty("migration-guard.startup.mode", "in-refresh");
		assertThat(analyze(new SQLException("ERROR: it does not exist", "42P01"))).isNull();
	}

	@Test
	void applicationWithoutGuardIsLeftAlone() {
		this.beanFactory.removeBeanDefinition("migrationStartupPlan");
		assertThat(analyze(new SQLException("ERROR: it does not exist", "42P01"))).isNull();
	}

	private @Nullable FailureAnalysis analyze(Throwable cause) {
		BeanCreationException inner = new BeanCreationException("reader", "Invocation of init method failed", cause);
		return new SchemaReaderFailureAnalyzer(this.beanFactory, this.environment)
			.analyze(new BeanCreationException("controller", "Unsatisfied dependency", inner));
	}

}
