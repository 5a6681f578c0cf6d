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

package io.github.migrationguard.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.TestDatabase;

/**
 * Many guards in a {@link GuardsProcess process} of their own.
 *
 * @author Migration Guard
 */
final class Guards implements AutoCloseable {

	private final Process process;

	private final Path log;

	private final int count;

	private Guards(Process process, Path log, int count) {
		this.process = process;
		this.log = log;
		this.count = count;
	}

	/**
	 * Start guards.
	 * @param tool their tool
	 * @param directory the directory with the migrations
	 * @param database the database
	 * @param name what the names of the instances begin with
	 * @param count how many
	 * @return the guards, their process just started
	 */
	static Guards start(MigrationTool tool, Path directory, TestDatabase database, String name, int count) {
		Path log = directory.resolve(name + ".log");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
				GuardsProcess.class.getName(), tool.name(), directory.toString(), database.url(), database.username(),
				database.password(), name, Integer.toString(count));
		try {
			return new Guards(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log, count);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what has become of those that have ended.
	 */
	List<Ending> endings() {
		return Ending.read(log());
	}

	boolean haveEnded() {
		if (!this.process.isAlive()) {
			throw new AssertionError(log());
		}
		return endings().size() == this.count;
	}

	/**
	 * Let the process collect its garbage and return what it uses.
	 */
	Usage usage() {
		int answers = Usage.read(log()).size();
		try {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Awaiting.await("answer")
			.until(() -> Usage.read(log()), (usages) -> usages.size() > answers)
			.get(answers);
	}

	/**
	 * Return the memory that the process occupies, in bytes.
	 */
	long residentBytes() {
		try {
			String status = Files.readString(Path.of("/proc/%d/status".formatted(this.process.pid())));
			return 1024 * Long.parseLong(status.replaceAll("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Duration processorTime() {
		return this.process.info().totalCpuDuration().orElseThrow();
	}

	private String log() {
		try {
			return Files.readString(this.log, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		Awaiting.await("process gone").until(() -> !this.process.isAlive());
	}

}
