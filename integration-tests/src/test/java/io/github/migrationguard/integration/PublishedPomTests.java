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
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the poms that are published. Gradle takes the highest of all versions that
 * are named, also of those of a platform: what a pom names above the platform of an
 * application would give it a mixture of two versions of Spring Boot.
 *
 * @author Migration Guard
 */
class PublishedPomTests {

	private static final String LOWEST_SPRING_BOOT = "4.0.7";

	@ParameterizedTest
	@ValueSource(strings = { "autoconfigure", "starter" })
	void nothingIsLiftedAboveTheLowestPlatform(String module) throws Exception {
		Element platform = parse(repository().resolve("org/springframework/boot/spring-boot-dependencies")
			.resolve(LOWEST_SPRING_BOOT)
			.resolve("spring-boot-dependencies-%s.pom".formatted(LOWEST_SPRING_BOOT)));
		List<String> published = new ArrayList<>();
		for (Element dependency : children(parse(Path.of("..", module, ".flattened-pom.xml")), "dependency")) {
			String version = switch (text(dependency, "groupId")) {
				case "org.springframework.boot" -> LOWEST_SPRING_BOOT;
				case "org.springframework" -> text(platform, "spring-framework.version");
				case "org.jspecify" -> text(platform, "jspecify.version");
				case "io.micrometer" -> text(platform, "micrometer.version");
				case "org.postgresql" -> text(platform, "postgresql.version");
				case "org.flywaydb" -> text(platform, "flyway.version");
				case "org.liquibase" -> "4.33.0";
				default -> optional(dependency);
			};
			assertThat(text(dependency, "version")).as(text(dependency, "artifactId")).isEqualTo(version);
			published.add(text(dependency, "artifactId"));
		}
		assertThat(published).containsAnyOf("spring-boot-autoconfigure", "spring-boot-starter-jdbc");
	}

	/**
	 * Gradle and Maven leave out what is optional.
	 */
	private static String optional(Element dependency) {
		boolean ours = text(dependency, "groupId").equals("io.github.migrationguard");
		assertThat(ours || text(dependency, "optional").equals("true")).as(text(dependency, "artifactId")).isTrue();
		return text(dependency, "version");
	}

	private static Path repository() {
		String repository = System.getProperty("maven.repo.local");
		return (repository != null) ? Path.of(repository)
				: Path.of(System.getProperty("user.home"), ".m2", "repository");
	}

	private static Element parse(Path pom) throws Exception {
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
	}

	private static List<Element> children(Element parent, String name) {
		NodeList nodes = parent.getElementsByTagName(name);
		List<Element> children = new ArrayList<>();
		for (int i = 0; i < nodes.getLength(); i++) {
			children.add((Element) nodes.item(i));
		}
		return children;
	}

	private static String text(Element parent, String name) {
		NodeList nodes = parent.getElementsByTagName(name);
		return (nodes.getLength() > 0) ? nodes.item(0).getTextContent() : "";
	}

}
