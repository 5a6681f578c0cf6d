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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.management.OperatingSystemMXBean;
import io.github.migrationguard.benchmarks.RowResult.Measurement;
import io.github.migrationguard.testsupport.TestDatabase;
import org.postgresql.util.DriverInfo;

import org.springframework.boot.SpringBootVersion;

/**
 * Where it is measured.
 *
 * @author Migration Guard
 */
final class Environment {

	private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

	private Environment() {
	}

	static Measurement measurement() {
		return new Measurement(LocalDate.now(ZoneOffset.UTC).toString(), commit(), describe());
	}

	private static Map<String, String> describe() {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("Processor", "%d x %s".formatted(system.getAvailableProcessors(), processor()));
		environment.put("Memory", "%d GB".formatted(Math.round(system.getTotalMemorySize() / 1e9)));
		environment.put("Operating system", "%s %s".formatted(system.getName(), system.getVersion()));
		environment.put("Java", Runtime.version().toString());
		environment.put("PostgreSQL", serverVersion());
		environment.put("JDBC driver", DriverInfo.DRIVER_VERSION);
		environment.put("Spring Boot", String.valueOf(SpringBootVersion.getVersion()));
		environment.put("Liquibase", libraryVersion("liquibase-core"));
		environment.put("liquibase-sessionlock", libraryVersion("liquibase-sessionlock"));
		environment.put("Flyway", libraryVersion("flyway-core"));
		return environment;
	}

	private static String processor() {
		try {
			return Files.exists(PROCESSORS) ? find("model name\\s*: (.*)", Files.readString(PROCESSORS))
					: System.getProperty("os.arch");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String serverVersion() {
		TestDatabase database = TestDatabase.create();
		try {
			return database.superuser().sql("show server_version").query(String.class).single();
		}
		finally {
			database.drop();
		}
	}

	private static String libraryVersion(String artifact) {
		String separator = Pattern.quote(File.separator);
		return find(separator + artifact + "-([\\d.]+)\\.jar", System.getProperty("java.class.path"));
	}

	private static String find(String regex, String text) {
		Matcher matcher = Pattern.compile(regex).matcher(text);
		return matcher.find() ? matcher.group(1) : "unknown";
	}

	private static String commit() {
		try {
			Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD").start();
			String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
			return commit.isEmpty() ? "unknown" : commit;
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
