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
import java.util.List;
import java.util.Map;

/**
 * Flyway's scripts as a test writes them down. Immutable: each method that adds one
 * returns more scripts, so that a newer version of a service continues an older one.
 *
 * @author Migration Guard
 */
public final class FlywayScripts implements Migrations {

	private final List<Script> scripts;

	private FlywayScripts(List<Script> scripts) {
		this.scripts = scripts;
	}

	public static FlywayScripts empty() {
		return new FlywayScripts(List.of());
	}

	/**
	 * Return scripts that create {@code count} tables.
	 * @param count the number of scripts
	 * @return the scripts
	 */
	public static FlywayScripts ofTables(int count) {
		FlywayScripts scripts = empty();
		for (int number = 1; number <= count; number++) {
			scripts = scripts.versioned("table_" + number, "create table table_%d (id int)".formatted(number));
		}
		return scripts;
	}

	/**
	 * Add a versioned migration with the next version.
	 * @param description its description, with underscores
	 * @param sql its statements, separated by semicolons
	 * @return all scripts
	 */
	public FlywayScripts versioned(String description, String sql) {
		return script("V%d__%s.sql".formatted(nextVersion(), description), sql);
	}

	/**
	 * Add a versioned migration with the next version that is executed outside a
	 * transaction.
	 * @param description its description, with underscores
	 * @param sql its statements, separated by semicolons
	 * @return all scripts
	 */
	public FlywayScripts nonTransactional(String description, String sql) {
		String name = "V%d__%s.sql".formatted(nextVersion(), description);
		return script(name, sql).script(name + ".conf", "executeInTransaction=false");
	}

	/**
	 * Add a versioned migration that does not end before a gate of the {@link Ledger} is
	 * open.
	 * @param gate the name of the gate, also of the table that is created
	 * @return all scripts
	 */
	public FlywayScripts gate(String gate) {
		return versioned(gate, "create table %1$s (id int);%nselect ledger.pass('%1$s')".formatted(gate));
	}

	/**
	 * Add a file, such as a callback or a repeatable migration.
	 * @param name its name
	 * @param content its content
	 * @return all scripts
	 */
	public FlywayScripts script(String name, String content) {
		List<Script> scripts = new ArrayList<>(this.scripts);
		scripts.removeIf((script) -> script.name().equals(name));
		scripts.add(new Script(name, content));
		return new FlywayScripts(List.copyOf(scripts));
	}

	private long nextVersion() {
		return 1 + this.scripts.stream().filter((script) -> script.name().matches("V.*\\.sql")).count();
	}

	@Override
	public List<String> identifiers() {
		return this.scripts.stream().map(Script::name).filter((name) -> name.matches("[VR][\\d._]+.*\\.sql")).toList();
	}

	@Override
	public Map<String, Object> install(Path directory) {
		writeTo(directory.resolve("db/migration"));
		return Map.of("spring.liquibase.enabled", false);
	}

	/**
	 * Write the files, and nothing else, to a directory.
	 * @param directory the directory
	 */
	public void writeTo(Path directory) {
		try {
			Files.createDirectories(directory);
			try (var files = Files.list(directory)) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
			for (Script script : this.scripts) {
				Files.writeString(directory.resolve(script.name()), script.content());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record Script(String name, String content) {

	}

}
