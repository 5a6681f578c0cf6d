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

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Decides when the migrations run, as far as that is known before any bean is created.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class StartupPlanner {

	private static final String MODE = "migration-guard.startup.mode";

	private static final String CONNECTION_FACTORY = "io.r2dbc.spi.ConnectionFactory";

	private StartupPlanner() {
	}

	/**
	 * Decide.
	 * @param configured the configured mode
	 * @param applicationContext the context of the application, with all bean definitions
	 * @return the plan
	 */
	public static StartupPlan plan(StartupMode configured, ApplicationContext applicationContext) {
		StartupPlan plan = new StartupPlan(configured, reason(configured));
		String unnoticed = findUnnoticed(applicationContext);
		if (unnoticed != null) {
			plan.runEarlierThanUnnoticed(unnoticed);
		}
		String obstacle = HealthOverHttp.findObstacle(applicationContext);
		if (obstacle != null) {
			plan.runEarlier(StartupCause.NO_HEALTH_ENDPOINT, obstacle);
		}
		return plan;
	}

	private static String reason(StartupMode configured) {
		return (configured != StartupMode.AUTO) ? MODE + "=" + configured.getValue()
				: "no statement is sent before the web server is started";
	}

	/**
	 * Return why statements cannot be noticed.
	 */
	private static @Nullable String findUnnoticed(ApplicationContext applicationContext) {
		if (NativeDetector.inNativeImage()) {
			return "statements cannot be noticed in a native image";
		}
		ClassLoader classLoader = StartupPlanner.class.getClassLoader();
		if (ClassUtils.isPresent(CONNECTION_FACTORY, classLoader)
				&& BeanFactoryUtils.beanNamesForTypeIncludingAncestors(applicationContext,
						ClassUtils.resolveClassName(CONNECTION_FACTORY, classLoader), true, false).length > 0) {
			return "statements over R2DBC cannot be noticed";
		}
		if (isScriptUserOwn(applicationContext.getEnvironment())) {
			return "the scripts of spring.sql.init have a user of their own, whose statements cannot be noticed";
		}
		return null;
	}

	/**
	 * Spring Boot opens connections for them that are of no bean.
	 */
	private static boolean isScriptUserOwn(Environment environment) {
		return StringUtils.hasText(environment.getProperty("spring.sql.init.username"))
				&& "always".equalsIgnoreCase(environment.getProperty("spring.sql.init.mode"));
	}

}
