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

package io.github.migrationguard.stock;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Leaves out auto-configurations that have nothing to do with migrations, so that many
 * starts take less time. A web server, the health endpoint, observations and everything
 * about data sources and transactions stay.
 *
 * @author Migration Guard
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StockAutoConfigurations implements AutoConfigurationImportFilter {

	private static final Pattern LEFT_OUT = Pattern.compile("org\\.springframework\\.boot\\.("
			+ "autoconfigure\\.(admin|info|jmx|ssl)|jackson|http\\.converter|testcontainers|transaction\\.jta"
			+ "|actuate\\.autoconfigure\\.(audit|beans|condition|context|endpoint\\.jmx|env|info|logging|management"
			+ "|sbom|scheduling|startup|web\\.(exchanges|mappings))"
			+ "|micrometer\\.metrics\\.autoconfigure\\.(jvm|logging|ssl|startup|system|task|export\\.(?!simple))"
			+ "|(flyway|liquibase)\\.autoconfigure\\.\\w+Endpoint|tomcat\\.autoconfigure\\.metrics"
			+ "|health\\.autoconfigure\\.application\\.(DiskSpace|Ssl)"
			+ "|(servlet|webmvc|webflux)\\.autoconfigure\\.(.*Multipart|actuate\\.web\\.(exchanges|mappings)))" + ".*");

	@Override
	public boolean[] match(@Nullable String[] autoConfigurations, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurations.length];
		for (int i = 0; i < matches.length; i++) {
			String autoConfiguration = autoConfigurations[i];
			matches[i] = autoConfiguration != null && !LEFT_OUT.matcher(autoConfiguration).matches();
		}
		return matches;
	}

}
