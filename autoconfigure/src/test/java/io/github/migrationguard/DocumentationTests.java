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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.migrationguard.CompiledTexts.LogLine;
import org.junit.jupiter.api.Test;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the documentation: it names all that the code has, and nothing that it has
 * not.
 *
 * @author Migration Guard
 */
class DocumentationTests {

	private static final Path CLASSES = Path.of("target", "classes");

	private static final Path METADATA = CLASSES.resolve("META-INF/spring-configuration-metadata.json");

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Path README = ROOT.resolve("README.md");

	private static final Path REFERENCE = ROOT.resolve("docs/reference.md");

	private static final Path OPERATIONS = ROOT.resolve("docs/operations.md");

	private static final Pattern PROPERTY_ROW = row("`((?:migration-guard|management)\\.[a-z.*-]+)`", "(.*?)");

	private static final Pattern METRIC_ROW = row("`(migrations\\.[a-z.]+)`", "(.*?)");

	private static final Pattern LOG_ROW = row("(INFO|WARN|ERROR)", "`(.*?)`");

	private static final Pattern STATE_ROW = row("`([A-Z_]+)`", "(.*?)");

	private static final Pattern ENDPOINT = Pattern.compile("(?s)\n## Endpoint\n.*?\n## ");

	private static final Pattern FIELD_ROW = row("`([a-zA-Z.]+)`", "(.*?)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

	private static final Pattern LINK = Pattern.compile("]\\(((?!https?:)[^)#]*)(?:#([^)]*))?\\)");

	private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

	private static final Pattern CONFIGURATION = Pattern
		.compile("(spring|server|management|migration-guard|logging)\\.");

	private static Pattern row(String first, String second) {
		return Pattern.compile("(?m)^\\| %s \\| %s \\|".formatted(first, second));
	}

	@Test
	void referenceHasEveryPropertyAndItsDefault() throws IOException {
		assertThat(documentedProperties(REFERENCE)).isEqualTo(properties());
	}

	@Test
	void readmeHasEveryPropertyOfOursAndItsDefault() throws IOException {
		Map<String, String> ours = properties();
		ours.keySet().removeIf((name) -> !name.startsWith("migration-guard."));
		assertThat(documentedProperties(README)).containsAllEntriesOf(ours);
		assertThat(properties()).containsAllEntriesOf(documentedProperties(README));
	}

	@Test
	void referenceHasEveryFieldOfTheEndpoint() throws IOException {
		JavaClasses descriptors = new ClassFileImporter().importPath(CLASSES)
			.that(DescribedPredicate.describe("are descriptors",
					(type) -> type.getSimpleName().endsWith("Descriptor")));
		Stream<String> fields = descriptors.stream()
			.flatMap((type) -> type.getFields().stream())
			.filter((field) -> !field.getModifiers().contains(JavaModifier.STATIC))
			.map(JavaField::getName);
		String endpoint = find(ENDPOINT, REFERENCE).findFirst().orElseThrow().group();
		Stream<String> documented = FIELD_ROW.matcher(endpoint)
			.results()
			.flatMap((row) -> Stream.of(row.group(1).split("\\.")));
		assertThat(documented.distinct().sorted()).containsExactlyElementsOf(fields.distinct().sorted().toList());
	}

	@Test
	void referenceHasEveryMetric() throws IOException {
		assertThat(find(METRIC_ROW, REFERENCE).map((row) -> row.group(1)))
			.containsExactlyInAnyOrderElementsOf(CompiledTexts.of(CLASSES).matching("migrations(\\.[a-z]+)+"));
	}

	@Test
	void referenceHasEveryLogLine() throws IOException {
		List<LogLine> lines = CompiledTexts.of(CLASSES).logLines();
		List<LogLine> documented = find(LOG_ROW, REFERENCE).map((row) -> new LogLine(row.group(1), row.group(2)))
			.toList();
		assertThat(lines).isNotEmpty();
		assertThat(lines).filteredOn((line) -> documented.stream().noneMatch(line::matches)).isEmpty();
		assertThat(documented).filteredOn((example) -> lines.stream().noneMatch((line) -> line.matches(example)))
			.isEmpty();
	}

	@Test
	void referenceHasEveryState() throws IOException {
		assertThat(find(STATE_ROW, REFERENCE).map((row) -> row.group(1))).contains(states());
	}

	@Test
	void operationsHasHeadingForEveryState() throws IOException {
		assertThat(find(HEADING, OPERATIONS).map((heading) -> heading.group(1))).contains(states());
	}

	@Test
	void linksLeadSomewhere() throws IOException {
		for (Path page : pages()) {
			for (MatchResult link : find(LINK, page).toList()) {
				Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
				assertThat(target).as("%s in %s", link.group(), page).exists();
				if (link.group(2) != null) {
					assertThat(anchors(target)).as("%s in %s", link.group(), page).contains(link.group(2));
				}
			}
		}
	}

	@Test
	void configurationHasPropertiesThatExist() throws IOException {
		ConfigurationMetadata metadata = ConfigurationMetadata.load();
		for (Path page : pages()) {
			for (MatchResult block : find(YAML, page).toList()) {
				assertThat(configuredProperties(block.group(1))).as("%s in %s", block.group(1), page)
					.allMatch(metadata::knows);
			}
		}
	}

	private static List<String> configuredProperties(String yaml) throws IOException {
		return new YamlPropertySourceLoader().load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.stream()
			.flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
			.map((name) -> name.replaceAll("\\[\\d+]", ""))
			.filter((name) -> CONFIGURATION.matcher(name).lookingAt())
			.toList();
	}

	private static String[] states() {
		return Stream.of(MigrationState.values()).map(MigrationState::name).toArray(String[]::new);
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs")); Stream<Path> root = Files.list(ROOT)) {
			return Stream.concat(root, docs).filter((path) -> path.toString().endsWith(".md")).toList();
		}
	}

	/**
	 * The anchors that GitHub makes of headings.
	 */
	private static List<String> anchors(Path page) throws IOException {
		return find(HEADING, page)
			.map((heading) -> heading.group(1)
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-'))
			.toList();
	}

	private static Map<String, String> documentedProperties(Path page) throws IOException {
		Map<String, String> properties = new TreeMap<>();
		find(PROPERTY_ROW, page).forEach((row) -> properties.put(row.group(1).replace(".*", ""),
				row.group(2).startsWith("`") ? row.group(2).replace("`", "") : ""));
		return properties;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, String> properties() throws IOException {
		Map<String, Object> metadata = JsonParserFactory.getJsonParser().parseMap(Files.readString(METADATA));
		Map<String, String> properties = new TreeMap<>();
		((Collection<Map<String, Object>>) metadata.get("properties"))
			.forEach((property) -> properties.put((String) property.get("name"),
					property.getOrDefault("defaultValue", "").toString().replaceAll("[\\[\\]]", "").replace('_', '-')));
		return properties;
	}

	private static Stream<MatchResult> find(Pattern pattern, Path page) throws IOException {
		return pattern.matcher(Files.readString(page)).results();
	}

}
