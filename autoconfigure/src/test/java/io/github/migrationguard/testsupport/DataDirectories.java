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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/**
 * Where servers have their data: in memory where there is room. A server makes some 300
 * files for a database and removes them again, which costs a disk's file system a third
 * of the time of all tests.
 *
 * @author Migration Guard
 */
final class DataDirectories {

	private static final Path MEMORY = Path.of("/dev/shm");

	private static final DataSize ROOM = DataSize.ofGigabytes(4);

	private static final String PREFIX = "migration-guard-tests-";

	private static final Path ROOT = root();

	private DataDirectories() {
	}

	/**
	 * Return where a server has its data.
	 * @param name the name of the server within this process
	 * @return the directory, which may not exist yet
	 */
	static Path of(String name) {
		return ROOT.resolve(name);
	}

	private static Path root() {
		try {
			if (!Files.isWritable(MEMORY)) {
				return TestFiles.directory("postgres");
			}
			removeThoseOfProcessesThatEnded();
			return (Files.getFileStore(MEMORY).getUsableSpace() < ROOM.toBytes()) ? TestFiles.directory("postgres")
					: Files.createDirectories(MEMORY.resolve(PREFIX + ProcessHandle.current().pid()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void removeThoseOfProcessesThatEnded() throws IOException {
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(MEMORY, PREFIX + "*")) {
			for (Path directory : directories) {
				long pid = Long.parseLong(directory.getFileName().toString().substring(PREFIX.length()));
				if (ProcessHandle.of(pid).isEmpty()) {
					FileSystemUtils.deleteRecursively(directory.toFile());
				}
			}
		}
	}

}
