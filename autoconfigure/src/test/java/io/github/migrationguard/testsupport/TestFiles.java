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
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where tests write what outlives them: below the module's build directory.
 *
 * @author Migration Guard
 */
final class TestFiles {

	private TestFiles() {
	}

	static Path directory(String first, String... more) {
		try {
			return Files.createDirectories(testClasses().getParent().resolve(Path.of(first, more)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Path testClasses() {
		try {
			return Path.of(TestFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
