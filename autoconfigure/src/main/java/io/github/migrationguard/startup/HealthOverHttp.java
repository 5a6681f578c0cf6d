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

package io.github.migrationguard.startup;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Whether the health of an application can be asked for over HTTP. If not, nobody can
 * tell an instance that waits from one that works but by its port.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class HealthOverHttp {

	private static final String SERVER = "org.springframework.boot.web.server.context.WebServerApplicationContext";

	private static final String[] ENDPOINTS = {
			"org.springframework.boot.health.actuate.endpoint.HealthEndpointWebExtension",
			"org.springframework.boot.health.actuate.endpoint.ReactiveHealthEndpointWebExtension" };

	private HealthOverHttp() {
	}

	/**
	 * Return whether it can be asked for.
	 * @param applicationContext the context of the application, with all bean definitions
	 * @return whether there is a health endpoint over HTTP
	 */
	public static boolean isAvailable(ApplicationContext applicationContext) {
		return findObstacle(applicationContext) == null;
	}

	/**
	 * Return why it cannot be asked for.
	 * @param applicationContext the context of the application, with all bean definitions
	 * @return the reason, or {@code null} if there is a health endpoint over HTTP
	 */
	static @Nullable String findObstacle(ApplicationContext applicationContext) {
		Environment environment = applicationContext.getEnvironment();
		if (!isServer(applicationContext) || isSwitchedOff(environment, "server.port")) {
			return "there is no web server to ask before the migrations";
		}
		if (isSwitchedOff(environment, "management.server.port") || !isEndpointDefined(applicationContext)) {
			return "there is no health endpoint over HTTP, so the open port alone would tell that the instance is ready;"
					+ " to start the web server first, expose the endpoint 'health'";
		}
		return null;
	}

	private static boolean isServer(ApplicationContext applicationContext) {
		return ClassUtils.isPresent(SERVER, HealthOverHttp.class.getClassLoader())
				&& applicationContext instanceof WebServerApplicationContext;
	}

	private static boolean isSwitchedOff(Environment environment, String property) {
		return environment.getProperty(property, Integer.class, 0) < 0;
	}

	private static boolean isEndpointDefined(ListableBeanFactory beanFactory) {
		ClassLoader classLoader = HealthOverHttp.class.getClassLoader();
		for (String endpoint : ENDPOINTS) {
			if (ClassUtils.isPresent(endpoint, classLoader) && beanFactory
				.getBeanNamesForType(ClassUtils.resolveClassName(endpoint, classLoader), true, false).length > 0) {
				return true;
			}
		}
		return false;
	}

}
