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

package io.github.migrationguard.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.github.migrationguard.testsupport.Command;

import org.springframework.core.io.ClassPathResource;

/**
 * The clock of replicas that are started with its environment. It can be set at any time.
 *
 * @author Migration Guard
 */
final class Clock {

	private final Path library;

	private final Path offset;

	/**
	 * Create a clock, which needs a C compiler.
	 * @param directory where to write its files to
	 */
	Clock(Path directory) {
		Path source = directory.resolve("clock.c");
		this.library = directory.resolve("clock.so");
		this.offset = directory.resolve("clock.offset");
		try (InputStream resource = new ClassPathResource("clock.c", Clock.class).getInputStream()) {
			Files.write(source, resource.readAllBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Command.run("cc", "-shared", "-fPIC", "-o", this.library.toString(), source.toString(), "-ldl");
		set(Duration.ZERO);
	}

	/**
	 * Return whether clocks can be created here.
	 */
	static boolean isPossible() {
		return Command.succeeds("cc", "--version");
	}

	Map<String, String> environment() {
		return Map.of("LD_PRELOAD", this.library.toString(), "CLOCK_OFFSET_FILE", this.offset.toString());
	}

	/**
	 * Set the clock.
	 * @param offset how far from the real time
	 */
	void set(Duration offset) {
		try {
			Files.writeString(this.offset, Long.toString(offset.toSeconds()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
