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

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

import org.springframework.util.StringUtils;

/**
 * What a service consists of, as files in a folder.
 *
 * @author Migration Guard
 */
final class StockInput {

	static final Path DIRECTORY = Path.of("src", "test", "stock");

	private final Path folder;

	private final Properties properties = new Properties();

	private StockInput(Path folder) {
		this.folder = folder;
		starts().forEach((start) -> start.forEach(this::load));
	}

	private void load(Path part) {
		read(part.resolve("application.properties")).ifPresent((text) -> {
			try {
				this.properties.load(new StringReader(text));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	/**
	 * Return all inputs.
	 * @return the inputs, in the order of their names
	 */
	static List<StockInput> all() {
		return folders(DIRECTORY).stream().flatMap((group) -> folders(group).stream()).map(StockInput::new).toList();
	}

	private static List<Path> folders(Path directory) {
		try (Stream<Path> children = Files.list(directory)) {
			return children.filter(Files::isDirectory).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String name() {
		return DIRECTORY.relativize(this.folder).toString();
	}

	/**
	 * Return the starts of the service.
	 * @return for each start the folders of its class path
	 */
	List<List<Path>> starts() {
		List<List<Path>> starts = new ArrayList<>();
		for (int i = 1; Files.isDirectory(this.folder.resolve(Integer.toString(i))); i++) {
			starts.add(List.of(this.folder.resolve(Integer.toString(i)), this.folder));
		}
		return starts.isEmpty() ? List.of(List.of(this.folder)) : starts;
	}

	/**
	 * Return whether there is something in the class path of any start.
	 * @param path the path of a folder
	 * @return whether it exists
	 */
	boolean has(String path) {
		return starts().stream().flatMap(List::stream).anyMatch((part) -> Files.exists(part.resolve(path)));
	}

	Optional<String> text(String file) {
		return read(this.folder.resolve(file));
	}

	/**
	 * Return a text that belongs to one start.
	 * @param parts the folders of its class path
	 * @param file the name of the file
	 * @return its text
	 */
	static Optional<String> text(List<Path> parts, String file) {
		return parts.stream().flatMap((part) -> read(part.resolve(file)).stream()).findFirst();
	}

	private static Optional<String> read(Path file) {
		try {
			return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the names in one of the properties that the comparison itself knows.
	 * @param property the name of the property
	 * @return the names
	 */
	List<String> list(String property) {
		return Arrays.asList(StringUtils.commaDelimitedListToStringArray(this.properties.getProperty(property)));
	}

	/**
	 * Return whether the thread of each call is compared, too. An input that does without
	 * says why.
	 * @return whether threads are compared
	 */
	boolean comparesThreads() {
		return Boolean.parseBoolean(this.properties.getProperty("stock.threads", "true"));
	}

	/**
	 * Return what is known to differ.
	 * @return the first line says why, the others are lines of the difference
	 */
	List<String> difference() {
		return text("difference.txt").map((text) -> text.lines().toList()).orElse(List.of());
	}

	/**
	 * Write what differs, or remove what is known to differ.
	 * @param difference the difference, may be empty
	 */
	void writeDifference(List<String> difference) {
		Path file = this.folder.resolve("difference.txt");
		try {
			if (difference.isEmpty()) {
				Files.deleteIfExists(file);
				return;
			}
			List<String> lines = new ArrayList<>();
			lines.add(difference().isEmpty() ? "open: not explained yet" : difference().get(0));
			lines.addAll(essence(difference));
			Files.write(file, lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> essence(List<String> difference) {
		List<String> behavior = difference.stream()
			.filter((line) -> !line.matches("[-+~] (schema|history|data) .*|. schema:.*"))
			.toList();
		return (behavior.isEmpty() ? difference : behavior).stream().limit(12).toList();
	}

	@Override
	public String toString() {
		return name();
	}

}
