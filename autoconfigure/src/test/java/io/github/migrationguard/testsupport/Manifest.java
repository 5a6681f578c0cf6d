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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A manifest for Kubernetes in the documentation.
 *
 * @param content its fields
 * @author Migration Guard
 */
public record Manifest(Map<String, Object> content) {

	private static final Path DIRECTORY = Path.of("..", "docs", "kubernetes").toAbsolutePath().normalize();

	/**
	 * Return the files with manifests.
	 * @return the paths of the files
	 */
	public static List<Path> files() {
		try (var files = Files.list(DIRECTORY)) {
			return files.sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the manifests in a file.
	 * @param file the path of the file
	 * @return the manifests, in their order
	 */
	public static List<Manifest> read(Path file) {
		try {
			List<Manifest> manifests = new ArrayList<>();
			new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(file))
				.forEach((document) -> manifests.add(new Manifest(map(document))));
			return manifests;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the first manifest in a file.
	 * @param name the name of the file
	 * @return the manifest
	 */
	public static Manifest read(String name) {
		return read(DIRECTORY.resolve(name)).get(0);
	}

	public String kind() {
		return (String) this.content.get("kind");
	}

	/**
	 * Return what it specifies.
	 * @return the fields of {@code spec}
	 */
	public Map<String, Object> spec() {
		return map(this.content.get("spec"));
	}

	/**
	 * Return the specification of its pods.
	 * @return the fields of {@code spec.template.spec}, empty if it has no pods
	 */
	public Map<String, Object> pod() {
		return map(map(spec().get("template")).get("spec"));
	}

	/**
	 * Return its containers.
	 * @return init containers first
	 */
	public List<Container> containers() {
		List<Container> containers = new ArrayList<>();
		for (String kind : List.of("initContainers", "containers")) {
			list(pod().get(kind)).forEach((container) -> containers.add(new Container(map(container))));
		}
		return containers;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(@Nullable Object value) {
		return (value != null) ? (Map<String, Object>) value : Map.of();
	}

	@SuppressWarnings("unchecked")
	private static List<Object> list(@Nullable Object value) {
		return (value != null) ? (List<Object>) value : List.of();
	}

	/**
	 * A container of a pod.
	 *
	 * @param content its fields
	 */
	public record Container(Map<String, Object> content) {

		/**
		 * Return the arguments of its application.
		 * @return the arguments
		 */
		public List<String> arguments() {
			return list(this.content.get("args")).stream().map(String::valueOf).toList();
		}

		/**
		 * Return its environment.
		 * @param secrets gives the value for the name of a secret
		 * @return the values by the names of the variables
		 */
		public Map<String, String> environment(UnaryOperator<String> secrets) {
			Map<String, String> environment = new LinkedHashMap<>();
			for (Object variable : list(this.content.get("env"))) {
				Map<String, Object> secret = map(map(map(variable).get("valueFrom")).get("secretKeyRef"));
				environment.put((String) map(variable).get("name"),
						secret.isEmpty() ? (String) map(variable).get("value")
								: secrets.apply(secret.get("name") + "/" + secret.get("key")));
			}
			return environment;
		}

		/**
		 * Return its ports by their names.
		 * @return the ports
		 */
		public Map<String, Object> ports() {
			Map<String, Object> ports = new LinkedHashMap<>();
			list(this.content.get("ports"))
				.forEach((port) -> ports.put((String) map(port).get("name"), map(port).get("containerPort")));
			return ports;
		}

		/**
		 * Return the request that a probe sends.
		 * @param probe the name of the probe
		 * @return the fields of {@code httpGet}, empty if there is no such probe
		 */
		public Map<String, Object> request(String probe) {
			return map(map(this.content.get(probe)).get("httpGet"));
		}

		/**
		 * Return what it may use of the node.
		 * @return the fields of {@code resources}
		 */
		public Map<String, Object> resources() {
			return map(this.content.get("resources"));
		}

	}

}
