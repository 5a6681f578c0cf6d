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

package io.github.migrationguard.stock;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.util.FileSystemUtils;

/**
 * Compiles the sources of inputs.
 *
 * @author Migration Guard
 */
final class StockSources {

	private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

	private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

	private static final Map<Path, Path> COMPILED = new HashMap<>();

	private StockSources() {
	}

	/**
	 * Create a class loader for one start.
	 * @param parts the folders of its class path
	 * @return a class loader that nobody else uses
	 */
	static URLClassLoader classLoader(List<Path> parts) {
		List<URL> urls = new ArrayList<>();
		for (Path part : parts) {
			urls.add(url(part));
			urls.add(url(compiled(part)));
		}
		urls.add(StockSources.class.getResource("class-path/"));
		return new StockClassLoader(urls.toArray(URL[]::new));
	}

	private static URL url(Path directory) {
		try {
			return directory.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the components and configurations of a start.
	 * @param parts the folders of its class path
	 * @param classLoader its class loader
	 * @return the classes, in the order of their names
	 */
	static List<Class<?>> components(List<Path> parts, ClassLoader classLoader) {
		List<Class<?>> components = new ArrayList<>();
		for (Path part : parts) {
			for (Path file : files(compiled(part), ".class")) {
				String name = compiled(part).relativize(file).toString().replace(File.separatorChar, '.');
				Class<?> type = ClassUtils.resolveClassName(name.substring(0, name.length() - 6), classLoader);
				if (isComponent(type)) {
					components.add(type);
				}
			}
		}
		return components;
	}

	private static boolean isComponent(Class<?> type) {
		return AnnotatedElementUtils.hasAnnotation(type, Component.class)
				&& !AnnotatedElementUtils.hasAnnotation(type, AutoConfiguration.class)
				&& type.getEnclosingClass() == null;
	}

	private static Path compiled(Path part) {
		return COMPILED.computeIfAbsent(part, StockSources::compile);
	}

	private static Path compile(Path part) {
		try {
			// Beside those of its starts, which are folders in it
			String name = StockInput.DIRECTORY.relativize(part).toString().replace(File.separatorChar, '.');
			Path output = Path.of("target", "stock", name);
			FileSystemUtils.deleteRecursively(output);
			Files.createDirectories(output);
			List<Path> sources = files(part, ".java").stream().filter((source) -> isOf(part, source)).toList();
			if (!sources.isEmpty()) {
				compile(sources, output);
			}
			return output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isOf(Path part, Path source) {
		return !part.relativize(source).getName(0).toString().matches("\\d");
	}

	private static void compile(List<Path> sources, Path output) {
		StringWriter messages = new StringWriter();
		List<String> options = List.of("-cp", System.getProperty("java.class.path"), "-d", output.toString(),
				"-proc:none", "-nowarn", "-parameters");
		if (!COMPILER.getTask(messages, FILES, null, options, null, FILES.getJavaFileObjectsFromPaths(sources))
			.call()) {
			throw new IllegalStateException(messages.toString());
		}
	}

	private static List<Path> files(Path directory, String extension) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(extension)).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Remembers what is not in the class path of the tests, since many classes are asked
	 * for in vain in every start.
	 */
	private static final class StockClassLoader extends URLClassLoader {

		private static final Set<String> ABSENT = ConcurrentHashMap.newKeySet();

		private StockClassLoader(URL[] urls) {
			super(urls, StockSources.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				if (ABSENT.contains(name)) {
					Class<?> loaded = findLoadedClass(name);
					return (loaded != null) ? loaded : findClass(name);
				}
				try {
					return super.loadClass(name, resolve);
				}
				catch (ClassNotFoundException ex) {
					ABSENT.add(name);
					throw ex;
				}
			}
		}

	}

}
