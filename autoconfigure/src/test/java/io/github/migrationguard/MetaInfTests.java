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

package io.github.migrationguard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the files in {@code META-INF} that Spring Boot and the IDE read.
 *
 * @author Migration Guard
 */
class MetaInfTests {

	private static final Path CLASSES = Path.of("target", "classes");

	private static final Path IMPORTS = CLASSES
		.resolve("META-INF/spring/" + AutoConfiguration.class.getName() + ".imports");

	private static final Path SLICE_IMPORTS = CLASSES.resolve(
			"META-INF/spring/org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureDataSourceInitialization.imports");

	private static final Path SPRING_FACTORIES = CLASSES.resolve("META-INF/spring.factories");

	private static final Path ADDITIONAL_METADATA = CLASSES
		.resolve("META-INF/additional-spring-configuration-metadata.json");

	private static final Path METADATA = CLASSES.resolve("META-INF/spring-configuration-metadata.json");

	@Test
	void importsFileListsEveryAutoConfiguration() throws IOException {
		List<String> autoConfigurations = mainClasses().filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.sorted()
			.toList();
		assertThat(Files.readAllLines(IMPORTS)).containsExactlyElementsOf(autoConfigurations);
	}

	/**
	 * A slice with a database has neither a web server nor Actuator.
	 */
	@Test
	void slicesGetWhatMigratesAndNothingElse() throws IOException {
		List<String> migrating = Files.readAllLines(IMPORTS)
			.stream()
			.filter((name) -> !name.contains(".actuate.") && !name.contains(".web."))
			.toList();
		assertThat(Files.readAllLines(SLICE_IMPORTS)).containsExactlyElementsOf(migrating);
	}

	@Test
	void springFactoriesNamesLoad() throws Exception {
		for (Map.Entry<Object, Object> entry : springFactories().entrySet()) {
			Class<?> factoryType = load((String) entry.getKey());
			for (String name : StringUtils.commaDelimitedListToStringArray((String) entry.getValue())) {
				assertThat(factoryType).isAssignableFrom(load(name.trim()));
			}
		}
	}

	@Test
	void springFactoriesListsEveryFailureAnalyzer() throws IOException {
		String[] failureAnalyzers = mainClasses().filter((type) -> type.isAssignableTo(FailureAnalyzer.class))
			.filter((type) -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
			.map(JavaClass::getName)
			.toArray(String[]::new);
		assertThat(
				StringUtils.commaDelimitedListToSet(springFactories().getProperty(FailureAnalyzer.class.getName(), "")))
			.map(String::trim)
			.containsExactlyInAnyOrder(failureAnalyzers);
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		for (Map<String, Object> property : properties()) {
			assertThat((String) property.get("description")).as((String) property.get("name"))
				.isNotBlank()
				.endsWith(".");
		}
	}

	@Test
	void everyPropertyIsOurs() throws IOException {
		assertThat(properties()).extracting((property) -> property.get("name"))
			.isNotEmpty()
			.map(Object::toString)
			.allMatch((name) -> name.startsWith("migration-guard.") || name.startsWith("management."));
	}

	@Test
	void additionalMetadataIsSortedByName() throws IOException {
		Map<String, Object> metadata = JsonParserFactory.getJsonParser()
			.parseMap(Files.readString(ADDITIONAL_METADATA));
		assertThat(names(metadata, "properties")).isNotEmpty().isSorted();
		assertThat(names(metadata, "hints")).isNotEmpty().isSorted();
	}

	@SuppressWarnings("unchecked")
	private static List<String> names(Map<String, Object> metadata, String section) {
		return ((Collection<Map<String, Object>>) metadata.get(section)).stream()
			.map((entry) -> (String) entry.get("name"))
			.toList();
	}

	private Stream<JavaClass> mainClasses() {
		return new ClassFileImporter().importPath(CLASSES).stream();
	}

	private Properties springFactories() throws IOException {
		return Files.exists(SPRING_FACTORIES)
				? PropertiesLoaderUtils.loadProperties(new FileSystemResource(SPRING_FACTORIES)) : new Properties();
	}

	@SuppressWarnings("unchecked")
	private Collection<Map<String, Object>> properties() throws IOException {
		Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(Files.readString(METADATA));
		return (Collection<Map<String, Object>>) metadata.get("properties");
	}

	private Class<?> load(String name) throws ClassNotFoundException {
		return ClassUtils.forName(name, getClass().getClassLoader());
	}

}
