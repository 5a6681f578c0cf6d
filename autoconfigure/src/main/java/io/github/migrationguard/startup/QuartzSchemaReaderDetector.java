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

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Quartz that stores its jobs in the database: beans for jobs and triggers are written
 * when the scheduler is created.
 *
 * @author Migration Guard
 */
class QuartzSchemaReaderDetector implements SchemaReaderDetector {

	private static final String PROPERTY = "spring.quartz.job-store-type";

	@Override
	public @Nullable String detect(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		String store = environment.getProperty(PROPERTY);
		return ("jdbc".equalsIgnoreCase(store)
				&& BeanTypes.isAnyDefined(beanFactory, "org.quartz.JobDetail", "org.quartz.Trigger"))
						? PROPERTY + "=jdbc with beans for jobs" : null;
	}

}
