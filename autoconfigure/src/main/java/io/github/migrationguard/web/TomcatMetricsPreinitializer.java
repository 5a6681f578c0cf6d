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

package io.github.migrationguard.web;

import java.lang.management.ManagementFactory;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.util.ClassUtils;

/**
 * Has the MBean server of the JVM created early. Spring Boot asks for it between the
 * migrations and readiness, if the metrics of Tomcat are bound, and all replicas that
 * have waited would create theirs at the same moment: that would be a third of the time
 * from the last change to readiness.
 *
 * @author Migration Guard
 * @see org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializingApplicationListener
 */
final class TomcatMetricsPreinitializer implements BackgroundPreinitializer {

	/**
	 * What asks for the MBean server when the application has started.
	 */
	private static final String[] USERS = { "org.springframework.boot.tomcat.metrics.TomcatMetricsBinder",
			"io.micrometer.core.instrument.binder.tomcat.TomcatMetrics" };

	@Override
	public void preinitialize() {
		for (String user : USERS) {
			if (!ClassUtils.isPresent(user, getClass().getClassLoader())) {
				return;
			}
		}
		ManagementFactory.getPlatformMBeanServer();
	}

}
