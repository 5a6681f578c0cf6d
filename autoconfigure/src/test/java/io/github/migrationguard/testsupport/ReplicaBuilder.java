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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.migrationguard.testapp.TestApplication;
import io.github.migrationguard.testsupport.HostProcess.Kind;
import io.github.migrationguard.testsupport.Manifest.Container;
import org.jspecify.annotations.Nullable;

/**
 * Prepares and starts replicas of the test application.
 *
 * @author Migration Guard
 */
public final class ReplicaBuilder {

	static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData",
			"-Xshare:auto", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote", "-Xmx256m");

	private final Replicas replicas;

	private final Migrations migrations;

	private final boolean guarded;

	private final List<String> jvmOptions = new ArrayList<>(JVM_OPTIONS);

	private final Map<String, Object> properties = new LinkedHashMap<>();

	private final Map<String, String> environment = new LinkedHashMap<>();

	private @Nullable ReplicaClassPath classPath;

	private boolean managementPort;

	private boolean aheadOfTime;

	private @Nullable String generated;

	private boolean classesArchived = true;

	private @Nullable Application application;

	ReplicaBuilder(Replicas replicas, Migrations migrations, boolean guarded) {
		this.replicas = replicas;
		this.migrations = migrations;
		this.guarded = guarded;
		connectAs(replicas.database().username());
		property("spring.datasource.url", replicas.database().url());
		property("spring.datasource.hikari.maximum-pool-size", 2);
		property("spring.main.banner-mode", "off");
		property("management.endpoints.web.exposure.include", "*");
		property("management.endpoint.migrations.show-values", "always");
	}

	/**
	 * Set a property of the application.
	 * @param name the name of the property
	 * @param value its value
	 * @return this builder
	 */
	public ReplicaBuilder property(String name, Object value) {
		this.properties.put(name, value);
		return this;
	}

	/**
	 * Add an option of the JVM, such as a system property.
	 * @param option the option
	 * @return this builder
	 */
	public ReplicaBuilder jvmOption(String option) {
		this.jvmOptions.add(option);
		return this;
	}

	/**
	 * Start it as a container is started: with its arguments and its environment, and
	 * without the properties that replicas have otherwise for their database.
	 * @param container the container
	 * @param names puts the names of the test for those of the manifest
	 * @param secrets gives the value for the name of a secret
	 * @return this builder
	 */
	public ReplicaBuilder container(Container container, UnaryOperator<String> names, UnaryOperator<String> secrets) {
		this.properties.keySet().removeIf((name) -> name.matches("spring\\.datasource\\.(url|username|password)"));
		container.environment(secrets).forEach((name, value) -> this.environment.put(name, names.apply(value)));
		container.arguments().forEach((argument) -> {
			String[] property = argument.substring(2).split("=", 2);
			property(property[0], property[1]);
		});
		return this;
	}

	/**
	 * Let the application log in as another role of the database.
	 * @param role the role
	 * @return this builder
	 */
	public ReplicaBuilder connectAs(String role) {
		property("spring.datasource.username", role);
		return property("spring.datasource.password", this.replicas.database().password());
	}

	/**
	 * Use WebFlux and Netty, with nothing of the servlet API on the class path.
	 * @return this builder
	 */
	public ReplicaBuilder webflux() {
		this.classPath = ReplicaClassPath.reactive();
		this.classesArchived = false;
		return this;
	}

	/**
	 * Start another application than the test application.
	 * @param mainClass its main class
	 * @param classPath its class path, to which the migrations are added
	 * @return this builder
	 */
	public ReplicaBuilder application(String mainClass, List<String> classPath) {
		this.application = new Application(mainClass, List.copyOf(classPath));
		this.classesArchived = false;
		return this;
	}

	/**
	 * Write an archive of the classes when the replica ends.
	 * @param file the archive
	 * @return this builder
	 * @see ReplicaArchive
	 */
	ReplicaBuilder archiveClasses(Path file) {
		this.classesArchived = false;
		return jvmOption("-XX:ArchiveClassesAtExit=" + file);
	}

	/**
	 * Serve Actuator from a port of its own.
	 * @return this builder
	 */
	public ReplicaBuilder separateManagementPort() {
		this.managementPort = true;
		return this;
	}

	/**
	 * Process the application ahead of time before it is started.
	 * @return this builder
	 */
	public ReplicaBuilder aheadOfTime() {
		this.aheadOfTime = true;
		return this;
	}

	/**
	 * Start one replica.
	 * @return the replica, its process just started
	 */
	public Replica start() {
		String name = (this.guarded ? "guarded-" : "stock-") + this.replicas.nextNumber();
		Path directory = this.replicas.directory(name);
		int port = Ports.next();
		int actuatorPort = this.managementPort ? Ports.next() : port;
		List<String> arguments = arguments(name, directory, port, actuatorPort);
		Replica replica = isHosted() ? new Replica(name, startIn(directory, arguments), port, actuatorPort)
				: new Replica(name, launch(directory, arguments), log(directory), port, actuatorPort);
		this.replicas.add(replica);
		return replica;
	}

	/**
	 * Start several replicas at the same moment.
	 * @param count how many
	 * @return the replicas, their processes just started
	 */
	public Fleet start(int count) {
		return new Fleet(Stream.generate(this::start).limit(count).toList());
	}

	/**
	 * Return whether it is nothing but another start of what all processes are made for.
	 */
	private boolean isHosted() {
		return this.replicas.isWarm() && this.classesArchived && !this.aheadOfTime && this.environment.isEmpty()
				&& this.jvmOptions.equals(JVM_OPTIONS);
	}

	private HostProcess startIn(Path directory, List<String> arguments) {
		HostProcess host = HostPool.take(this.guarded ? Kind.GUARDED : Kind.STOCK,
				() -> this.replicas.directory("host"));
		host.start("serve", directory, arguments);
		return host;
	}

	private List<String> arguments(String name, Path directory, int port, int actuatorPort) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("server.port", port);
		properties.put("management.server.port", actuatorPort);
		properties.putAll(this.migrations.install(directory));
		properties.put("migration-guard.instance-id", name);
		properties.putAll(this.properties);
		List<String> arguments = new ArrayList<>();
		properties.forEach((property, value) -> arguments.add("--" + property + "=" + value));
		return arguments;
	}

	private Process launch(Path directory, List<String> arguments) {
		String entries = entries(directory);
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.jvmOptions);
		if (this.classesArchived) {
			command.addAll(ReplicaArchive.jvmOptions(this.guarded));
		}
		if (this.aheadOfTime) {
			entries = entries + File.pathSeparator + generated(command, entries, arguments);
			command.add("-Dspring.aot.enabled=true");
		}
		command.addAll(List.of("-cp", entries,
				(this.application != null) ? this.application.mainClass() : TestApplication.class.getName()));
		command.addAll(arguments);
		return launch(command, directory);
	}

	private String entries(Path directory) {
		if (this.application == null) {
			ReplicaClassPath libraries = (this.classPath != null) ? this.classPath : ReplicaClassPath.servlet();
			return libraries.with(this.guarded, directory);
		}
		return String.join(File.pathSeparator, this.application.classPath()) + File.pathSeparator + directory;
	}

	private String generated(List<String> java, String classPath, List<String> arguments) {
		if (this.generated == null) {
			this.generated = new AheadOfTime(this.replicas.directory("ahead-of-time")).process(java, classPath,
					TestApplication.class, arguments);
		}
		return this.generated;
	}

	private Process launch(List<String> command, Path directory) {
		try {
			ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log(directory).toFile());
			process.environment().putAll(this.environment);
			return process.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path log(Path directory) {
		return directory.resolve("output.log");
	}

	private record Application(String mainClass, List<String> classPath) {

	}

}
