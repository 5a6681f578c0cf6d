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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Liquibase change log as a test writes it down. Immutable: each {@code changeSet} method
 * returns a longer one, so that a newer version of a service continues an older one.
 *
 * @author Migration Guard
 */
public final class Changelog implements Migrations {

	private static final String FILE = "changelog.sql";

	private final List<ChangeSet> changeSets;

	private Changelog(List<ChangeSet> changeSets) {
		this.changeSets = changeSets;
	}

	public static Changelog empty() {
		return new Changelog(List.of());
	}

	/**
	 * Return a change log that creates {@code count} tables.
	 * @param count the number of change sets
	 * @return the change log
	 */
	public static Changelog ofTables(int count) {
		return new Changelog(IntStream.rangeClosed(1, count)
			.mapToObj((number) -> new ChangeSet("table-" + number, "",
					"create table table_%d (id int)".formatted(number)))
			.toList());
	}

	/**
	 * Add a change set.
	 * @param id its id
	 * @param sql its statements, separated by semicolons
	 * @return the longer change log
	 */
	public Changelog changeSet(String id, String sql) {
		return add(new ChangeSet(id, "", sql));
	}

	/**
	 * Add a change set with attributes.
	 * @param id its id
	 * @param attributes its attributes, such as {@code runInTransaction:false}
	 * @param sql its statements, separated by semicolons
	 * @return the longer change log
	 */
	public Changelog changeSet(String id, String attributes, String sql) {
		return add(new ChangeSet(id, attributes, sql));
	}

	/**
	 * Add a change set that does not end before a gate of the {@link Ledger} is open.
	 * @param gate the name of the gate, also the id of the change set
	 * @return the longer change log
	 */
	public Changelog gate(String gate) {
		return changeSet(gate,
				"create table %s (id int);%nselect ledger.pass('%s')".formatted(gate.replace('-', '_'), gate));
	}

	private Changelog add(ChangeSet changeSet) {
		return new Changelog(Stream.concat(this.changeSets.stream(), Stream.of(changeSet)).toList());
	}

	@Override
	public List<String> identifiers() {
		return this.changeSets.stream().map((changeSet) -> FILE + "::" + changeSet.id() + "::test").toList();
	}

	@Override
	public Map<String, Object> install(Path directory) {
		return Map.of("spring.liquibase.change-log", writeTo(directory), "spring.flyway.enabled", false);
	}

	/**
	 * Write this change log to a directory that is part of the class path.
	 * @param directory the directory
	 * @return the value of {@code spring.liquibase.change-log}
	 */
	public String writeTo(Path directory) {
		try {
			Files.writeString(directory.resolve(FILE), toString());
			return "classpath:/" + FILE;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return this.changeSets.stream()
			.map(ChangeSet::toString)
			.collect(Collectors.joining("\n\n", "--liquibase formatted sql\n\n", "\n"));
	}

	private record ChangeSet(String id, String attributes, String sql) {

		@Override
		public String toString() {
			return "--changeset test:%s %s%n%s;".formatted(this.id, this.attributes, this.sql);
		}

	}

}
