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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.github.migrationguard.testapp.TestApplication;

import org.springframework.util.ClassUtils;
import org.springframework.util.DigestUtils;

/**
 * The test application as a jar, because a JVM shares no classes from a directory. Its
 * name tells its contents, so that it is written once for all test runs.
 *
 * @author Migration Guard
 */
final class TestApplicationJar {

	private TestApplicationJar() {
	}

	static Path get() {
		return Holder.INSTANCE;
	}

	private static Path write() {
		try {
			byte[] contents = contents();
			Path jar = TestFiles.directory("replica-archive")
				.resolve("testapp-%s.jar".formatted(DigestUtils.md5DigestAsHex(contents)));
			if (!Files.exists(jar)) {
				Path written = Files.createTempFile(jar.getParent(), "testapp", null);
				Files.move(Files.write(written, contents), jar, StandardCopyOption.ATOMIC_MOVE);
			}
			return jar;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] contents() throws IOException {
		String folder = ClassUtils.classPackageAsResourcePath(TestApplication.class);
		ByteArrayOutputStream contents = new ByteArrayOutputStream();
		try (ZipOutputStream jar = new ZipOutputStream(contents)) {
			for (Path file : files(TestFiles.testClasses().resolve(folder))) {
				ZipEntry entry = new ZipEntry(folder + "/" + file.getFileName());
				entry.setTime(0);
				jar.putNextEntry(entry);
				Files.copy(file, jar);
			}
		}
		return contents.toByteArray();
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted().toList();
		}
	}

	private static final class Holder {

		private static final Path INSTANCE = write();

	}

}
