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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Local ports of a process, as Linux tells them: the other end of what PostgreSQL calls
 * {@code client_port}.
 *
 * @author Migration Guard
 */
final class ClientPorts {

	private ClientPorts() {
	}

	static Set<Integer> of(long pid) {
		Path process = Path.of("/proc", Long.toString(pid));
		Set<String> sockets = sockets(process.resolve("fd"));
		return Stream.of("net/tcp", "net/tcp6")
			.flatMap((table) -> lines(process.resolve(table)).stream().skip(1))
			.map((line) -> line.trim().split("\\s+"))
			.filter((columns) -> sockets.contains("socket:[%s]".formatted(columns[9])))
			.map((columns) -> Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16))
			.collect(Collectors.toSet());
	}

	private static Set<String> sockets(Path descriptors) {
		try (Stream<Path> files = Files.list(descriptors)) {
			return files.map(ClientPorts::target).filter(Objects::nonNull).collect(Collectors.toSet());
		}
		catch (IOException ex) {
			return Set.of();
		}
	}

	private static @Nullable String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			return List.of();
		}
	}

}
