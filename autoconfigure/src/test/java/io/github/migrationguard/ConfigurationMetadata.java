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

package io.github.migrationguard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.springframework.boot.json.JsonParserFactory;

/**
 * The properties of Migration Guard, of Spring Boot and of whatever is on the class path.
 *
 * @author Migration Guard
 */
record ConfigurationMetadata(Map<String, String> types) {

	static ConfigurationMetadata load() {
		try {
			Map<String, String> types = new TreeMap<>();
			for (URL url : Collections.list(ConfigurationMetadata.class.getClassLoader()
				.getResources("META-INF/spring-configuration-metadata.json"))) {
				addTypes(types, url);
			}
			return new ConfigurationMetadata(types);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static void addTypes(Map<String, String> types, URL url) throws IOException {
		try (InputStream content = url.openStream()) {
			Map<String, Object> metadata = JsonParserFactory.getJsonParser()
				.parseMap(new String(content.readAllBytes(), StandardCharsets.UTF_8));
			((Collection<Map<String, Object>>) metadata.get("properties"))
				.forEach((property) -> types.put((String) property.get("name"), String.valueOf(property.get("type"))));
		}
	}

	Set<String> names() {
		return this.types.keySet();
	}

	/**
	 * Return whether there is such a property, or one that is a map with such an entry.
	 */
	boolean knows(String name) {
		return this.types.containsKey(name) || this.types.entrySet()
			.stream()
			.anyMatch((property) -> property.getValue().startsWith("java.util.Map")
					&& name.startsWith(property.getKey() + "."));
	}

}
