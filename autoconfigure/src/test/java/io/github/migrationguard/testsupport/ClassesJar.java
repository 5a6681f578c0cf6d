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

import org.springframework.util.DigestUtils;

/**
 * Classes and resources as a jar, because a JVM shares no classes from a directory. Its
 * name tells its contents, so that it is written once for all test runs.
 *
 * @author Migration Guard
 */
final class ClassesJar {

	private ClassesJar() {
	}

	/**
	 * Write the jar, if it is not there yet.
	 * @param name the beginning of its name
	 * @param root the directory of the classes
	 * @param folder what of it is to be in the jar, empty for all
	 * @return the jar
	 */
	static Path write(String name, Path root, String folder) {
		try {
			byte[] contents = contents(root, folder);
			Path jar = TestFiles.directory("replica-archive")
				.resolve("%s-%s.jar".formatted(name, DigestUtils.md5DigestAsHex(contents)));
			if (!Files.exists(jar)) {
				Path written = Files.createTempFile(jar.getParent(), name, null);
				Files.move(Files.write(written, contents), jar, StandardCopyOption.ATOMIC_MOVE);
			}
			return jar;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] contents(Path root, String folder) throws IOException {
		ByteArrayOutputStream contents = new ByteArrayOutputStream();
		try (ZipOutputStream jar = new ZipOutputStream(contents)) {
			for (Path file : files(root.resolve(folder))) {
				ZipEntry entry = new ZipEntry(root.relativize(file).toString());
				entry.setTime(0);
				jar.putNextEntry(entry);
				Files.copy(file, jar);
			}
		}
		return contents.toByteArray();
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).sorted().toList();
		}
	}

}
