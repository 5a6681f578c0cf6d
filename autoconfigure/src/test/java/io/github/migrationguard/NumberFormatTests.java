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
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that numbers are written in the digits that SQL and others read, whatever the
 * locale of the JVM: {@code %s} writes them so, {@code %d} does not.
 *
 * @author Migration Guard
 */
class NumberFormatTests {

	private static final Path SOURCES = Path.of("src", "main", "java");

	private static final Pattern LOCALIZED = Pattern.compile("%(?:\\d+\\$)?[-#+ 0,(]*\\d*(?:\\.\\d+)?[dfge]\\b");

	@Test
	void noNumberIsWrittenInDigitsOfTheLocale() throws IOException {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			List<String> found = files.filter((file) -> file.toString().endsWith(".java"))
				.flatMap(NumberFormatTests::lines)
				.filter((line) -> LOCALIZED.matcher(line).find() && !line.contains("Locale.ROOT"))
				.toList();
			assertThat(found).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "%d", "%1$d", "%03d", "%,d", "%.1f s" })
	void findsWhatDependsOnTheLocale(String format) {
		assertThat(LOCALIZED.matcher(format).find()).isTrue();
	}

	private static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file).stream();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
