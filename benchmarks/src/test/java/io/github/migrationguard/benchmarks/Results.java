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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The results as files, one JSON for each row.
 *
 * @author Migration Guard
 */
final class Results {

	private final JsonMapper jsonMapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private final Path directory;

	Results(Path directory) {
		this.directory = directory;
	}

	Optional<RowResult> read(Row row) {
		Path file = file(row);
		return Files.exists(file) ? Optional.of(this.jsonMapper.readValue(file, RowResult.class)) : Optional.empty();
	}

	void write(Row row, RowResult result) {
		ObjectNode json = this.jsonMapper.valueToTree(result);
		json.set("summary", this.jsonMapper.valueToTree(result.summarize(row)));
		try {
			Files.createDirectories(this.directory);
			Files.writeString(file(row), this.jsonMapper.writeValueAsString(json) + "\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path file(Row row) {
		return this.directory.resolve("row-%s.json".formatted(row.id()));
	}

}
