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

package io.github.migrationguard.integration;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.github.migrationguard.testsupport.Changelog;
import io.github.migrationguard.testsupport.TestDatabase;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a whole application in this JVM, on the database of a test.
 *
 * @author Migration Guard
 */
public final class Service {

	private final Class<?>[] sources;

	private final Map<String, Object> properties = new LinkedHashMap<>();

	private Service(Class<?>... sources) {
		this.sources = sources;
	}

	/**
	 * Prepare an application.
	 * @param database its database
	 * @param changelog its change log
	 * @param directory where to write the change log
	 * @param sources its configuration classes
	 * @return the application
	 */
	public static Service of(TestDatabase database, Changelog changelog, Path directory, Class<?>... sources) {
		changelog.writeTo(directory);
		return new Service(sources).with("spring.datasource.url", database.url())
			.with("spring.datasource.username", database.username())
			.with("spring.datasource.password", database.password())
			.with("spring.datasource.hikari.maximum-pool-size", 3)
			.with("spring.liquibase.change-log", "file:" + directory.resolve("changelog.sql"))
			.with("spring.flyway.enabled", false)
			.with("spring.main.banner-mode", "off")
			.with("management.endpoints.web.exposure.include", "*")
			.with("server.port", 0);
	}

	/**
	 * Set a property.
	 * @param name its name
	 * @param value its value
	 * @return this application
	 */
	public Service with(String name, Object value) {
		this.properties.put(name, value);
		return this;
	}

	/**
	 * Start the application.
	 * @return its context, to be closed by the caller
	 */
	public ConfigurableApplicationContext start() {
		return start((context) -> {
		});
	}

	/**
	 * Start the application.
	 * @param created who is told of the context when it has been created
	 * @return its context, to be closed by the caller
	 */
	ConfigurableApplicationContext start(Consumer<ConfigurableApplicationContext> created) {
		String[] arguments = this.properties.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
		return new SpringApplicationBuilder(this.sources).registerShutdownHook(false)
			.initializers(created::accept)
			.run(arguments);
	}

}
