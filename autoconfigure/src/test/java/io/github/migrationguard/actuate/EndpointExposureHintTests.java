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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointExposureHint}.
 *
 * @author Migration Guard
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointExposureHintTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations
		.of(MigrationGuardAutoConfiguration.class, MigrationsEndpointAutoConfiguration.class);

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void saysHowToExposeTheEndpoint(CapturedOutput output) {
		this.contextRunner.run((context) -> assertThat(output).contains("The status of the migrations is not exposed."
				+ " To see who migrates and who waits at /actuator/migrations, set"
				+ " management.endpoints.web.exposure.include=health,migrations"));
	}

	@Test
	void keepsWhatIsExposedAlready(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include[0]=info",
					"management.endpoints.web.exposure.include[1]=metrics")
			.run((context) -> assertThat(output)
				.contains("set management.endpoints.web.exposure.include=info,metrics,migrations"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoints.web.exposure.include=health,migrations",
			"management.endpoints.web.exposure.include=*", "management.endpoint.migrations.access=NONE",
			"migration-guard.enabled=false" })
	void isQuietWhenTheEndpointIsExposedOrKnownNotToBeWanted(String property, CapturedOutput output) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(output).doesNotContain("not exposed"));
	}

	@Test
	void isQuietWhenTheEndpointIsExcluded(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=*",
					"management.endpoints.web.exposure.exclude=migrations")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(MigrationsEndpoint.class);
				assertThat(output).doesNotContain("not exposed");
			});
	}

	@Test
	void isQuietWithoutWeb(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(output).doesNotContain("not exposed"));
	}

}
