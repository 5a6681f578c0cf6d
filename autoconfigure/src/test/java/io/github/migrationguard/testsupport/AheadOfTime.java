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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Processes the test application ahead of time, as a build does: Spring Boot's processor
 * in a process of its own, then the compiler.
 *
 * @author Migration Guard
 */
final class AheadOfTime {

	private static final String PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

	private final Path directory;

	/**
	 * Create the processing.
	 * @param directory an empty directory for everything that is generated
	 */
	AheadOfTime(Path directory) {
		this.directory = directory;
	}

	/**
	 * Process an application.
	 * @param java the command that starts a JVM, without class path and main class
	 * @param classPath the class path of the application
	 * @param application its main class
	 * @param arguments its arguments, which decide which beans there are
	 * @return the class path of what was generated
	 */
	String process(List<String> java, String classPath, Class<?> application, List<String> arguments) {
		List<String> command = new ArrayList<>(java);
		command.addAll(List.of("-cp", classPath, PROCESSOR, application.getName(), output("sources").toString(),
				output("resources").toString(), output("classes").toString(), "test", "test"));
		command.addAll(arguments);
		execute(command);
		compile(classPath);
		return output("classes") + File.pathSeparator + output("resources");
	}

	private void execute(List<String> command) {
		Path log = this.directory.resolve("output.log");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			if (process.waitFor() != 0) {
				throw new IllegalStateException("The application could not be processed:\n" + Files.readString(log));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void compile(String classPath) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
				Stream<Path> sources = Files.walk(output("sources"))) {
			List<Path> generated = sources.filter((path) -> path.toString().endsWith(".java")).toList();
			List<String> options = List.of("-cp", classPath + File.pathSeparator + output("classes"), "-d",
					output("classes").toString(), "-proc:none", "-nowarn");
			boolean compiled = compiler
				.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(generated))
				.call();
			if (!compiled) {
				throw new IllegalStateException("The generated classes could not be compiled");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path output(String kind) {
		return this.directory.resolve(kind);
	}

}
