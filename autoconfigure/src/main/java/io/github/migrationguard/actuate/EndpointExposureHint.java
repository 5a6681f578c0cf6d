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

import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Says once how to get at the {@link MigrationsEndpoint}, which is not exposed by
 * default.
 *
 * @author Migration Guard
 */
class EndpointExposureHint implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(MigrationsEndpoint.class);

	private static final String INCLUDE = "management.endpoints.web.exposure.include";

	private static final String ACCESS = "management.endpoint.migrations.access";

	private final Environment environment;

	EndpointExposureHint(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<String> included = Binder.get(this.environment)
			.bind(INCLUDE, Bindable.listOf(String.class))
			.orElseGet(() -> List.of("health"));
		if (!isKnown(included)) {
			List<String> completed = new ArrayList<>(included);
			completed.add("migrations");
			logger.info("The status of the migrations is not exposed. To see who migrates and who waits at"
					+ " /actuator/migrations, set %s=%s".formatted(INCLUDE, String.join(",", completed)));
		}
	}

	/**
	 * Whoever excludes the endpoint, or denies access to it, knows of it.
	 */
	private boolean isKnown(List<String> included) {
		return included.contains("migrations") || included.contains("*") || this.environment.containsProperty(ACCESS);
	}

}
