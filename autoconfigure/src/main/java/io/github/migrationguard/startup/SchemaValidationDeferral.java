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

import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Whether the validation of the schema by Hibernate can be put off until the migrations
 * are done.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class SchemaValidationDeferral {

	private static final String HIBERNATE = "org.hibernate.SessionFactory";

	private static final String PROPERTY = "migration-guard.startup.defer-schema-validation";

	private static final String SEQUENCE_STRATEGY = "spring.jpa.properties.hibernate.id.sequence.increment_size_mismatch_strategy";

	private SchemaValidationDeferral() {
	}

	/**
	 * Return whether it can be put off. Not if Hibernate is to take the increments of its
	 * sequences from the database: it reads them when its factory is created.
	 * @param environment the environment
	 * @return whether it can be put off
	 */
	public static boolean isPossible(Environment environment) {
		return environment.getProperty(PROPERTY, Boolean.class, true)
				&& ClassUtils.isPresent(HIBERNATE, SchemaValidationDeferral.class.getClassLoader())
				&& !"fix".equalsIgnoreCase(environment.getProperty(SEQUENCE_STRATEGY));
	}

}
