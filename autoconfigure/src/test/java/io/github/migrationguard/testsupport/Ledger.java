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

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database's own account of the migrations executed in it, written by event triggers
 * and by triggers on the history table. It proves what must not be proved by the status
 * of the guard itself. A session that executes DDL while the transaction of another
 * session does so is refused, and fails.
 *
 * @author Migration Guard
 */
public final class Ledger {

	private final TestDatabase database;

	private Ledger(TestDatabase database) {
		this.database = database;
	}

	/**
	 * Let the database keep a ledger from now on.
	 * @param database the database
	 * @return the ledger
	 */
	public static Ledger install(TestDatabase database) {
		database.script(new ClassPathResource("ledger.sql", Ledger.class));
		return new Ledger(database);
	}

	/**
	 * Return the ledger that a database keeps already.
	 * @param database the database
	 * @return the ledger
	 */
	public static Ledger of(TestDatabase database) {
		return new Ledger(database);
	}

	/**
	 * Return the units in the order in which they were recorded, each as often as it was.
	 * @return the identifiers as the migration tool writes them
	 */
	public List<String> recorded() {
		return records().stream().map(Event::subject).toList();
	}

	/**
	 * Return when the last unit was committed.
	 * @return the moment of the commit
	 */
	public Instant lastCommit() {
		return records().stream().map(Event::at).max(Comparator.naturalOrder()).orElseThrow();
	}

	/**
	 * Return the sessions that executed DDL or recorded a unit.
	 * @return the processes of the server
	 */
	public Set<Integer> runners() {
		return events().stream().map(Event::pid).collect(Collectors.toSet());
	}

	/**
	 * Assert that each unit was recorded exactly once and in order, and that no session
	 * executed a migration before the previous one had finished its last.
	 * @param migrations what should have been executed
	 */
	public void assertAppliedExactlyOnce(Migrations migrations) {
		assertThat(recorded()).containsExactlyElementsOf(migrations.identifiers());
		assertNoOverlap();
	}

	/**
	 * Assert that the sessions executed their migrations one after the other.
	 */
	public void assertNoOverlap() {
		Map<Integer, List<Event>> runs = events().stream().collect(Collectors.groupingBy(Event::pid));
		List<List<Event>> inOrder = runs.values().stream().sorted(Comparator.comparing(Ledger::begin)).toList();
		for (int i = 1; i < inOrder.size(); i++) {
			assertThat(begin(inOrder.get(i))).as("%s after %s", inOrder.get(i), inOrder.get(i - 1))
				.isAfter(end(inOrder.get(i - 1)));
		}
	}

	/**
	 * Assert that the sessions executed their units one after the other, if they may take
	 * turns.
	 */
	public void assertNoOverlapOfUnits() {
		Map<String, List<Event>> units = events().stream()
			.collect(Collectors.groupingBy((event) -> event.pid() + " " + event.transaction()));
		List<List<Event>> inOrder = units.values().stream().sorted(Comparator.comparing(Ledger::begin)).toList();
		for (int i = 1; i < inOrder.size(); i++) {
			assertThat(begin(inOrder.get(i))).as("%s after %s", inOrder.get(i), inOrder.get(i - 1))
				.isAfter(end(inOrder.get(i - 1)));
		}
	}

	/**
	 * Assert that all DDL was committed in a transaction that also recorded its unit.
	 */
	public void assertRecordedInTransactionOfStatements() {
		Set<String> recording = records().stream().map(Event::transaction).collect(Collectors.toSet());
		assertThat(statements()).isNotEmpty()
			.allSatisfy((statement) -> assertThat(statement.transaction()).isIn(recording));
	}

	/**
	 * Close a gate: units that pass it, see {@link Changelog#gate(String)} and
	 * {@link FlywayScripts#gate(String)}, stop there. It may have been open before.
	 * @param name the name of the gate
	 * @return the gate
	 */
	public Gate close(String name) {
		client().sql("insert into ledger.gate (name) values (?) on conflict (name) do update set open = false")
			.param(name)
			.update();
		return new Gate(name);
	}

	/**
	 * Open all gates.
	 */
	public void openAll() {
		client().sql("update ledger.gate set open = true").update();
	}

	/**
	 * Close a gate between the statements of a unit and its record in the history table.
	 * @param unit the identifier of the unit
	 * @return the gate
	 */
	public Gate closeBeforeRecordOf(String unit) {
		return close("record " + unit);
	}

	private List<Event> records() {
		return events().stream().filter((event) -> event.kind().equals("RECORD")).toList();
	}

	private List<Event> statements() {
		return events().stream().filter((event) -> event.kind().equals("STATEMENT")).toList();
	}

	private List<Event> events() {
		return client()
			.sql("select kind, subject, pid, application_name, transaction, at from ledger.event order by id")
			.query((row, number) -> new Event(row.getString(1), row.getString(2), row.getInt(3), row.getString(4),
					row.getString(5), row.getObject(6, OffsetDateTime.class).toInstant()))
			.list();
	}

	private JdbcClient client() {
		return this.database.superuser();
	}

	private static Instant begin(Collection<Event> events) {
		return events.stream().map(Event::at).min(Comparator.naturalOrder()).orElseThrow();
	}

	private static Instant end(Collection<Event> events) {
		return events.stream().map(Event::at).max(Comparator.naturalOrder()).orElseThrow();
	}

	private record Event(String kind, String subject, int pid, String applicationName, String transaction, Instant at) {

	}

	/**
	 * A place where a migration stops until the test lets it go on.
	 */
	public final class Gate {

		private final String name;

		private Gate(String name) {
			this.name = name;
		}

		/**
		 * Wait until somebody stands at this gate.
		 * @return the process of the server that serves the session
		 */
		public int awaitArrival() {
			return Awaiting.awaitInDatabase("somebody at gate " + this.name)
				.until(this::arrived, (pids) -> !pids.isEmpty())
				.get(0);
		}

		private List<Integer> arrived() {
			return Ledger.this.database.poller()
				.sql("""
						select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 2
						and database = (select oid from pg_database where datname = current_database())
						and classid = (-2020)::bit(32)::bigint and objid = hashtext(?)::bit(32)::bigint""")
				.param(this.name)
				.query(Integer.class)
				.list();
		}

		public void open() {
			client().sql("update ledger.gate set open = true where name = ?").param(this.name).update();
		}

	}

}
