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

package io.github.migrationguard.testapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.util.ReflectionUtils;

/**
 * A process in which replicas of the test application are started one after the other,
 * with or without a web server: what one replica costs most, the start of its JVM, is
 * paid once. One without a web server that fails leaves the process to the next. Told
 * what to do over its standard input, and tells what it has done in its log.
 *
 * @author Migration Guard
 */
public final class ReplicaHost {

	private volatile ConfigurableApplicationContext context;

	private ReplicaHost() {
	}

	public static void main(String[] args) throws IOException {
		TestApplication.exitWithParent();
		say("waits for commands");
		try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in))) {
			ReplicaHost host = new ReplicaHost();
			for (String command = commands.readLine(); command != null; command = commands.readLine()) {
				String[] words = command.split(" ", 2);
				host.execute(words[0], (words.length > 1) ? words[1] : "");
			}
		}
	}

	private void execute(String command, String argument) throws IOException {
		switch (command) {
			case "start" -> start(Path.of(argument), WebApplicationType.NONE);
			case "serve" -> start(Path.of(argument), WebApplicationType.SERVLET);
			case "again" -> inBackground(this::again);
			case "interrupt" -> interrupt(argument);
			case "close" -> inBackground(this::close);
			default -> throw new IllegalArgumentException(command);
		}
	}

	private void start(Path directory, WebApplicationType type) throws IOException {
		String[] arguments = Files.readAllLines(directory.resolve("arguments")).toArray(String[]::new);
		ClassLoader classLoader = classLoader(directory);
		this.context = null;
		Thread starter = new Thread(() -> run(directory, classLoader, type, arguments), "starter");
		starter.setContextClassLoader(classLoader);
		starter.start();
	}

	private static void inBackground(Runnable command) {
		new Thread(command, "command").start();
	}

	private static ClassLoader classLoader(Path directory) throws MalformedURLException {
		return new URLClassLoader(new URL[] { directory.toUri().toURL() }, ReplicaHost.class.getClassLoader());
	}

	private void run(Path directory, ClassLoader classLoader, WebApplicationType type, String[] arguments) {
		try {
			SpringApplicationBuilder application = new SpringApplicationBuilder(TestApplication.class)
				.resourceLoader(new DefaultResourceLoader(classLoader))
				.web(type)
				.listeners((ApplicationListener<ApplicationPreparedEvent>) this::prepared,
						(ApplicationListener<ApplicationReadyEvent>) (event) -> end(directory, "ready"));
			if (type == WebApplicationType.NONE) {
				application.initializers((context) -> context.getBeanFactory()
					.registerSingleton("holdingPoints", new HoldingPoints(directory)));
			}
			application.run(arguments);
		}
		catch (Throwable ex) {
			end(directory, "failed: " + describe(ex));
			if (type != WebApplicationType.NONE) {
				System.exit(1);
			}
		}
	}

	private static String describe(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.map((cause) -> String.valueOf(cause).lines().findFirst().orElse(""))
			.collect(Collectors.joining(", caused by "));
	}

	private void prepared(ApplicationPreparedEvent event) {
		this.context = event.getApplicationContext();
	}

	/**
	 * Let the migrations be run again in the same context, which is none of the things
	 * that a stock application can do.
	 */
	private void again() {
		Object guard = this.context.getBean("migrationGuard");
		ReflectionUtils.invokeMethod(ReflectionUtils.findMethod(guard.getClass(), "migrate"), guard);
		say("ran again");
	}

	private static void interrupt(String name) {
		List<Thread> threads = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(name))
			.toList();
		threads.forEach(Thread::interrupt);
		say("interrupted %d threads".formatted(threads.size()));
	}

	private void close() {
		if (this.context != null) {
			this.context.close();
		}
		say("closed");
	}

	/**
	 * A file that appears at once tells how the start of a replica has ended.
	 */
	private static void end(Path directory, String how) {
		say(how);
		try {
			Path written = Files.writeString(directory.resolve("ending"), how);
			Files.move(written, directory.resolve("end"), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void say(String what) {
		System.out.println("Host " + what);
	}

}
