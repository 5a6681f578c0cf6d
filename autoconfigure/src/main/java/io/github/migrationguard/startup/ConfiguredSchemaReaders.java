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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitializationDetector;
import org.springframework.core.env.Environment;

/**
 * Beans that the user names as schema readers: they are created after the migrations.
 *
 * @author Migration Guard
 */
class ConfiguredSchemaReaders implements SchemaReaderDetector, DependsOnDatabaseInitializationDetector {

	private static final Log logger = LogFactory.getLog(ConfiguredSchemaReaders.class);

	private static final String PROPERTY = "migration-guard.startup.schema-readers";

	private final Environment environment;

	ConfiguredSchemaReaders(Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable String detect(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		Set<String> readers = detect(beanFactory);
		return readers.isEmpty() ? null : PROPERTY + "=" + String.join(",", readers);
	}

	@Override
	public Set<String> detect(ConfigurableListableBeanFactory beanFactory) {
		List<String> names = Binder.get(this.environment)
			.bind(PROPERTY, Bindable.listOf(String.class))
			.orElse(List.of());
		return names.stream()
			.filter((name) -> isDefined(beanFactory, name))
			.collect(Collectors.toCollection(LinkedHashSet::new));
	}

	/**
	 * A test of a part of the application has the properties of all and not its beans.
	 */
	private static boolean isDefined(ConfigurableListableBeanFactory beanFactory, String name) {
		boolean defined = beanFactory.containsBeanDefinition(name);
		if (!defined) {
			logger.warn("No bean has the name '%s', which is in '%s'".formatted(name, PROPERTY));
		}
		return defined;
	}

}
