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

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;

/**
 * Beans of the user that say by an annotation that they need the schema.
 *
 * @author Migration Guard
 * @see DependsOnDatabaseInitialization
 * @see DependsOn
 */
class AnnotatedSchemaReaderDetector implements SchemaReaderDetector {

	private static final String[] MIGRATORS = { "liquibase.integration.spring.SpringLiquibase",
			"liquibase.integration.spring.MultiTenantSpringLiquibase",
			"org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer" };

	@Override
	public @Nullable String detect(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		Set<String> migrators = BeanTypes.names(beanFactory, MIGRATORS);
		List<String> readers = Stream.of(beanFactory.getBeanDefinitionNames())
			.map((name) -> describe(beanFactory, name, migrators))
			.filter(Objects::nonNull)
			.toList();
		return readers.isEmpty() ? null : String.join(", ", readers);
	}

	private static @Nullable String describe(ConfigurableListableBeanFactory beanFactory, String name,
			Set<String> migrators) {
		if (beanFactory.findAnnotationOnBean(name, DependsOnDatabaseInitialization.class, false) != null) {
			return "@DependsOnDatabaseInitialization on " + name;
		}
		DependsOn dependsOn = beanFactory.findAnnotationOnBean(name, DependsOn.class, false);
		return (dependsOn != null && Stream.of(dependsOn.value()).anyMatch(migrators::contains))
				? "@DependsOn on " + name : null;
	}

}
