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
 * JPA that creates, updates or validates the schema when its factory is created. A mere
 * validation is put off where that is possible.
 *
 * @author Migration Guard
 * @see SchemaValidationDeferral
 */
class JpaSchemaReaderDetector implements SchemaReaderDetector {

	private static final String FACTORY = "org.springframework.orm.jpa.AbstractEntityManagerFactoryBean";

	@Override
	public @Nullable String detect(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		if (!isJpaDefined(beanFactory)) {
			return null;
		}
		SchemaAction action = SchemaAction.of(environment);
		if (action.isNone() || (action.isValidate() && SchemaValidationDeferral.isPossible(environment))) {
			return null;
		}
		return action.toString();
	}

	static boolean isJpaDefined(ConfigurableListableBeanFactory beanFactory) {
		return BeanTypes.isAnyDefined(beanFactory, FACTORY);
	}

}
