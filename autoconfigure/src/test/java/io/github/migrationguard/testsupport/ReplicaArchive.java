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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.DigestUtils;

/**
 * The classes of the libraries of a replica as a JVM loads them fastest: from an archive
 * that a replica wrote when it ended (class data sharing). Written once for a class path,
 * in seconds that every other replica saves. Without it replicas only start slower.
 *
 * @author Migration Guard
 */
final class ReplicaArchive {

	private static final Log logger = LogFactory.getLog(ReplicaArchive.class);

	private static final Path DIRECTORY = TestFiles.directory("replica-archive");

	private static final Map<Boolean, List<String>> jvmOptions = new ConcurrentHashMap<>();

	private final boolean guarded;

	private final Path file;

	private ReplicaArchive(boolean guarded) {
		this.guarded = guarded;
		String key = System.getProperty("java.vm.version") + ReplicaClassPath.servlet().fingerprint(guarded);
		this.file = DIRECTORY.resolve("classes-%s.jsa".formatted(DigestUtils.md5DigestAsHex(key.getBytes())));
	}

	/**
	 * Return the options of a JVM that uses the archive.
	 * @param guarded whether Migration Guard is on the class path
	 * @return the options, empty if there is no archive
	 */
	static List<String> jvmOptions(boolean guarded) {
		return jvmOptions.computeIfAbsent(guarded, (key) -> new ReplicaArchive(key).prepare());
	}

	private List<String> prepare() {
		try {
			writeOnce();
			return List.of("-XX:SharedArchiveFile=" + this.file);
		}
		catch (IOException | RuntimeException | AssertionError ex) {
			logger.warn("Replicas start without an archive of their classes", ex);
			return List.of();
		}
	}

	private void writeOnce() throws IOException {
		try (FileChannel channel = FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); var lock = channel.lock()) {
			if (!Files.exists(this.file)) {
				write();
			}
		}
	}

	private void write() throws IOException {
		Path written = this.file.resolveSibling("written.jsa");
		Files.deleteIfExists(written);
		TestDatabase database = TestDatabase.create();
		try (Replicas replicas = new Replicas(database, List.of("archive"), false)) {
			ReplicaBuilder builder = this.guarded ? replicas.guarded(new BothTools()) : replicas.stock(new BothTools());
			Replica replica = builder.archiveClasses(written).start().awaitStarted();
			replica.awaitReady().actuator(this.guarded ? "/migrations" : "/health");
			replica.sigterm();
			replica.awaitExit();
		}
		finally {
			database.drop();
		}
		Files.move(written, this.file, StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Both tools are to be archived.
	 */
	private static final class BothTools implements Migrations {

		private static final Changelog CHANGELOG = Changelog.ofTables(1);

		private static final FlywayScripts SCRIPTS = FlywayScripts.empty()
			.versioned("archive", "create table archive (id int)");

		@Override
		public List<String> identifiers() {
			return CHANGELOG.identifiers();
		}

		@Override
		public Map<String, Object> install(Path directory) {
			Map<String, Object> properties = new HashMap<>(CHANGELOG.install(directory));
			properties.putAll(SCRIPTS.install(directory));
			properties.keySet().removeIf((name) -> name.endsWith(".enabled"));
			properties.put("spring.flyway.schemas", "archive");
			return properties;
		}

	}

}
