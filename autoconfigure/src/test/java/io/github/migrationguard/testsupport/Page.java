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

package io.github.migrationguard.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page of the documentation, or a section of one, and the code in it.
 *
 * @param name the name, for messages
 * @param text the text
 * @author Migration Guard
 */
public record Page(String name, String text) {

	private static final Path DOCS = Path.of("..", "docs").toAbsolutePath().normalize();

	/**
	 * Read a page.
	 * @param name the name of the file
	 * @return the page
	 */
	public static Page of(String name) {
		try {
			return new Page(name, Files.readString(DOCS.resolve(name)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a section, without those that follow.
	 * @param heading its heading
	 * @return the section
	 */
	public Page section(String heading) {
		Pattern section = Pattern.compile("(?ms)^## %s$(.*?)(?=^## |\\z)".formatted(Pattern.quote(heading)));
		return section.matcher(this.text)
			.results()
			.map((result) -> new Page(this.name + " > " + heading, result.group(1)))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No section '%s' in %s".formatted(heading, this.name)));
	}

	/**
	 * Return the blocks of code in a language.
	 * @param language the language
	 * @return the blocks, in their order
	 */
	public List<String> code(String language) {
		List<String> blocks = Pattern.compile("(?ms)^```%s\\n(.*?)^```$".formatted(language))
			.matcher(this.text)
			.results()
			.map((result) -> result.group(1))
			.toList();
		assertThat(blocks).as("%s in %s", language, this.name).isNotEmpty();
		return blocks;
	}

}
