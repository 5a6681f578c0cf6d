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

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * SQL scripts that Spring Boot executes while beans are created, after the migrations.
 *
 * @author Migration Guard
 */
class ScriptSchemaReaderDetector implements SchemaReaderDetector {

	private static final String INITIALIZER = "org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer";

	private static final String PREFIX = "spring.sql.init.";

	@Override
	public @Nullable String detect(ConfigurableListableBeanFactory beanFactory, Environment environment) {
		boolean always = "always".equalsIgnoreCase(environment.getProperty(PREFIX + "mode"));
		return (always && BeanTypes.isAnyDefined(beanFactory, INITIALIZER)
				&& hasScripts(environment, beanFactory.getBeanClassLoader())) ? PREFIX + "mode=always with scripts"
						: null;
	}

	private static boolean hasScripts(Environment environment, @Nullable ClassLoader classLoader) {
		if (isConfigured(environment, "schema-locations") || isConfigured(environment, "data-locations")) {
			return true;
		}
		String platform = environment.getProperty(PREFIX + "platform", "all");
		ResourceLoader resourceLoader = new DefaultResourceLoader(classLoader);
		return Stream.of("schema", "data")
			.flatMap((name) -> Stream.of(name + ".sql", name + "-" + platform + ".sql"))
			.anyMatch((script) -> resourceLoader.getResource("classpath:" + script).exists());
	}

	private static boolean isConfigured(Environment environment, String property) {
		return Binder.get(environment).bind(PREFIX + property, Bindable.listOf(String.class)).isBound();
	}

}
