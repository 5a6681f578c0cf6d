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

package io.github.migrationguard.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.migrationguard.testsupport.Replica;

import org.springframework.util.DigestUtils;

/**
 * Classes of an engine as a JVM loads them fastest (class data sharing), the same for
 * each engine: written once by a replica of that engine.
 *
 * @author Migration Guard
 */
final class ClassArchive {

	private static final Map<Engine, Path> archives = new ConcurrentHashMap<>();

	private ClassArchive() {
	}

	/**
	 * Return the option of the JVM that uses the archive.
	 * @param engine the engine
	 */
	static String jvmOption(Engine engine) {
		return "-XX:SharedArchiveFile=" + archives.computeIfAbsent(engine, ClassArchive::prepare);
	}

	private static Path prepare(Engine engine) {
		Path file = file(engine);
		if (!Files.exists(file)) {
			write(engine, file);
		}
		return file;
	}

	private static void write(Engine engine, Path file) {
		try (Trial trial = new Trial(engine, "archive")) {
			trial.logNoStatements();
			Workload workload = Workload.ofTables(3);
			Replica replica = trial.replica(workload).jvmOption("-XX:ArchiveClassesAtExit=" + file).start();
			if (!trial.awaitReady(replica, Trial.PATIENCE)) {
				throw new IllegalStateException(replica.toString());
			}
			replica.sigterm();
			replica.awaitExit();
		}
	}

	private static Path file(Engine engine) {
		String key = System.getProperty("java.vm.version")
				+ EngineClassPath.of(engine).stream().map(Path::of).map(ClassArchive::fingerprint).toList();
		String digest = DigestUtils.md5DigestAsHex(key.getBytes(StandardCharsets.UTF_8));
		try {
			Path directory = Files.createDirectories(EngineClassPath.target().resolve("archives"));
			return directory.resolve("classes-%s.jsa".formatted(digest));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Object> fingerprint(Path entry) {
		return List.of(entry, entry.toFile().length(), entry.toFile().lastModified());
	}

}
