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

package io.github.migrationguard.services;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves a service the auto-configurations of its own framework: all of them are on the
 * class path.
 *
 * @author Migration Guard
 */
class FrameworkFilter implements AutoConfigurationImportFilter, EnvironmentAware {

	static final String PROPERTY = "service.framework";

	private Framework framework = Framework.JDBC;

	@Override
	public void setEnvironment(Environment environment) {
		this.framework = environment.getProperty(PROPERTY, Framework.class, Framework.JDBC);
	}

	@Override
	public boolean[] match(@Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurationClasses.length];
		for (int i = 0; i < matches.length; i++) {
			matches[i] = isKept(autoConfigurationClasses[i]);
		}
		return matches;
	}

	private boolean isKept(@Nullable String autoConfiguration) {
		return autoConfiguration == null || isOf(this.framework, autoConfiguration)
				|| Stream.of(Framework.values()).noneMatch((framework) -> isOf(framework, autoConfiguration));
	}

	private static boolean isOf(Framework framework, String autoConfiguration) {
		List<String> packages = framework.packages();
		return packages.stream().anyMatch(autoConfiguration::startsWith);
	}

}
