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

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes exceptions that only this package can make, and analyzes exceptions.
 *
 * @author Migration Guard
 */
public final class Failures {

	private Failures() {
	}

	public static MigrationFailedException failed(Throwable cause) {
		return new MigrationFailedException("liquibase", "liquibase", null, cause);
	}

	/**
	 * Let our failure analyzers explain why an application has not started.
	 * @param failure the failure
	 * @return what the first one says that has something to say
	 */
	public static FailureAnalysis analyze(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler
						.handleMessage((message, cause) -> assertThat(message.get()).doesNotContain("migrationguard")))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getName().contains("migrationguard"))
			.map((analyzer) -> analyzer.analyze(failure))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow();
	}

}
