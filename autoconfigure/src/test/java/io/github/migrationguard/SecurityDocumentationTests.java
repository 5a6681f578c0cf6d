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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code docs/security.md}: every claim of it has a test, which is tagged with
 * the number of the claim, and no test is tagged with a claim that is not there.
 *
 * @author Migration Guard
 */
class SecurityDocumentationTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Path PAGE = ROOT.resolve("docs/security.md");

	private static final Pattern CLAIM = Pattern.compile("(?m)^\\| (S\\d+) \\|");

	private static final Pattern MENTION = Pattern.compile("\\bS\\d+\\b");

	private static final Pattern TAG = Pattern.compile("@Tag\\(\"security:(S\\d+)\"\\)");

	@Test
	void everyClaimHasTestsAndEveryTestHasClaim() throws IOException {
		assertThat(taggedClaims()).isEqualTo(new TreeSet<>(claims()));
	}

	@Test
	void everyClaimIsMadeOnce() throws IOException {
		assertThat(claims()).doesNotHaveDuplicates().isNotEmpty();
	}

	@Test
	void everyClaimThatIsMentionedIsMade() throws IOException {
		assertThat(claims()).containsAll(find(MENTION, PAGE).map(MatchResult::group).toList());
	}

	private static List<String> claims() throws IOException {
		return find(CLAIM, PAGE).map((claim) -> claim.group(1)).toList();
	}

	private static SortedSet<String> taggedClaims() throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			return modules.map((module) -> module.resolve("src/test/java"))
				.filter(Files::isDirectory)
				.flatMap(SecurityDocumentationTests::sources)
				.flatMap((source) -> find(TAG, source))
				.map((tag) -> tag.group(1))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static Stream<Path> sources(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith("Tests.java")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<MatchResult> find(Pattern pattern, Path file) {
		try {
			return pattern.matcher(Files.readString(file)).results();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
