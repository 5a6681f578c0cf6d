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
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What the server logged about one database: connections and every single statement.
 *
 * @author Migration Guard
 */
public final class StatementLog {

	static final String LINE_PREFIX = "%m|%p|%d|%u|%a|%x|";

	private static final Pattern LINE = Pattern
		.compile("(?<at>[\\d-]+ [\\d:.]+) UTC\\|(?<pid>\\d+)\\|(?<database>[^|]*)"
				+ "\\|(?<role>[^|]*)\\|(?<application>.*?)\\|(?<transaction>\\d+)\\|(?<message>[A-Z]+: .*)");

	private static final Pattern STATEMENT = Pattern.compile("LOG: +(?:statement|execute [^:]+): (?<sql>.*)",
			Pattern.DOTALL);

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

	private final TestDatabase database;

	private final Path file;

	StatementLog(TestDatabase database, Path file) {
		this.database = database;
		this.file = file;
	}

	/**
	 * Return everything logged about the database so far, except for the test's own
	 * sessions.
	 * @return the entries, oldest first
	 */
	public List<Entry> entries() {
		String marker = "end of log " + UUID.randomUUID();
		this.database.superuser().sql("select '%s'".formatted(marker)).query(String.class).single();
		Awaiting.await("statement log").until(() -> Files.readString(this.file).contains(marker));
		return read().stream()
			.filter((entry) -> entry.database().equals(this.database.name()))
			.filter((entry) -> !entry.application().equals("test"))
			.toList();
	}

	/**
	 * Return the statements among the entries.
	 * @return the statements, oldest first
	 */
	public List<Entry> statements() {
		return entries().stream().filter(Entry::isStatement).toList();
	}

	private List<Entry> read() {
		List<Entry> entries = new ArrayList<>();
		for (String line : lines()) {
			Matcher matcher = LINE.matcher(line);
			if (matcher.matches()) {
				entries.add(Entry.of(matcher));
			}
			else if (!entries.isEmpty()) {
				entries.add(entries.remove(entries.size() - 1).append(line));
			}
		}
		return entries;
	}

	private List<String> lines() {
		try {
			return Files.readAllLines(this.file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * One message of the server.
	 *
	 * @param at when it was logged
	 * @param pid the process of the server that logged it
	 * @param database the database of the session
	 * @param role the role of the session
	 * @param application the application name of the session
	 * @param transaction the transaction id, 0 if none was assigned
	 * @param message the severity and the text
	 */
	public record Entry(Instant at, int pid, String database, String role, String application, long transaction,
			String message) {

		private static Entry of(Matcher matcher) {
			return new Entry(LocalDateTime.parse(matcher.group("at"), TIMESTAMP).toInstant(ZoneOffset.UTC),
					Integer.parseInt(matcher.group("pid")), matcher.group("database"), matcher.group("role"),
					matcher.group("application"), Long.parseLong(matcher.group("transaction")),
					matcher.group("message"));
		}

		private Entry append(String line) {
			return new Entry(this.at, this.pid, this.database, this.role, this.application, this.transaction,
					this.message + "\n" + line.strip());
		}

		public boolean isStatement() {
			return sql() != null;
		}

		/**
		 * Return whether a session began with this entry.
		 * @return {@code true} for a new connection
		 */
		public boolean isConnection() {
			return this.message.contains("connection authorized: ");
		}

		/**
		 * Return the statement.
		 * @return the statement, or {@code null} if the entry is about something else
		 */
		public @Nullable String sql() {
			Matcher matcher = STATEMENT.matcher(this.message);
			return matcher.matches() ? matcher.group("sql") : null;
		}

	}

}
