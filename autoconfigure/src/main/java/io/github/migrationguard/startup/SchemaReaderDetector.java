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
 * A rule that knows something that reads the schema while beans are created, so that
 * migrations must not be left for later. Libraries add their own in
 * {@code META-INF/spring.factories}; a constructor may take an {@link Environment}, a
 * {@link ConfigurableListableBeanFactory} or nothing.
 *
 * @author Migration Guard
 * @since 0.1.0
 * @see org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitializationDetector
 */
@FunctionalInterface
public interface SchemaReaderDetector {

	/**
	 * Tell what reads the schema while beans are created. No bean may be created to find
	 * out.
	 * @param beanFactory the factory, with all bean definitions
	 * @param environment the environment
	 * @return what was found, for example the property that makes it so, or {@code null}
	 */
	@Nullable String detect(ConfigurableListableBeanFactory beanFactory, Environment environment);

}
