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

package io.github.migrationguard.ddl;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.migrationguard.ddl.SqlToken.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What an SQL text does that is about locks, told from the text alone. It may hold
 * several statements. A text that is none of SQL does nothing of all this.
 *
 * @author Migration Guard
 * @since 0.1.0
 */
public final class DdlStatement {

	private static final String ADVISORY_UNLOCK = "pg_advisory_unlock";

	private static final Pattern TIME_LIMIT = Pattern.compile("(statement|transaction)_timeout",
			Pattern.CASE_INSENSITIVE);

	/**
	 * With which settings are set, and what Flyway asks while it executes a script.
	 */
	private static final Set<String> HARMLESS_FUNCTIONS = Set.of("set_config", "current_setting", "version",
			"current_schema", "current_user", "current_database");

	private static final Set<String> OFF = Set.of("false", "off", "no", "0");

	private static final Set<String> DATA = Set.of("select", "with", "values", "table", "insert", "update", "delete",
			"merge", "copy", "call", "execute", "explain");

	/**
	 * With which a new table is about another one.
	 */
	private static final Set<String> OTHER_TABLES = Set.of("references", "inherits", "partition", "like", "select",
			"values", "execute");

	private static final Set<String> DEFINITIONS = Set.of("create", "alter", "drop", "comment", "grant", "revoke");

	private static final Set<String> QUERIES = Set.of("select", "values", "execute");

	private static final Set<String> EXPRESSIONS = Set.of("default", "using", "check", "generated");

	private final List<SqlStatement> statements;

	private final boolean concurrent;

	private final boolean data;

	private final boolean setsLockTimeout;

	private final boolean mayDropLocks;

	private final boolean commits;

	private final boolean changesNothing;

	private final boolean undoneIfItFails;

	private final boolean timeLimit;

	private DdlStatement(List<SqlStatement> statements, boolean batch, boolean timeLimit) {
		this.statements = statements;
		this.undoneIfItFails = !batch && statements.size() == 1
				&& (isHarmlessSelect(statements.get(0).read()) || CommitReader.isUndoneIfItFails(statements.get(0)));
		this.timeLimit = timeLimit;
		this.concurrent = any(DdlStatement::isConcurrent);
		this.data = any(DdlStatement::isData);
		this.setsLockTimeout = any(SettingReader::setsLockTimeout);
		this.mayDropLocks = any(DdlStatement::mayDropLocks);
		this.commits = any(CommitReader::commits);
		this.changesNothing = !any((statement) -> !changesNothing(statement));
	}

	/**
	 * Read an SQL text.
	 * @param sql the text, as it is sent to the server
	 * @return what it does
	 */
	public static DdlStatement of(String sql) {
		return new DdlStatement(SqlTokenizer.statements(sql), false, TIME_LIMIT.matcher(sql).find());
	}

	/**
	 * Read the SQL text of a batch, of which a driver may commit a part.
	 * @param sql the text
	 * @return what it does
	 */
	static DdlStatement ofBatch(String sql) {
		return new DdlStatement(SqlTokenizer.statements(sql), true, TIME_LIMIT.matcher(sql).find());
	}

	/**
	 * Return whether a lock timeout may be set while it is executed: nothing is left
	 * behind when it is cut, and the failure cannot get lost in the server. Statements
	 * that read or write rows are not cut either. They may run triggers and functions
	 * that catch errors, they make nobody wait but for rows, and one row that is locked
	 * for a while is no reason to begin a long update again.
	 * @return whether it may be cut by a lock timeout
	 */
	public boolean allowsLockTimeout() {
		return !this.concurrent && !this.data && !swallowsErrors();
	}

	/**
	 * Return whether it can hardly wait for a lock, as it only creates what nobody uses
	 * yet, or must not come after any query, as it sets what the transaction is like. A
	 * lock timeout is not worth a statement of its own then.
	 * @return whether it waits for nobody
	 */
	public boolean waitsForNobody() {
		return !this.statements.isEmpty() && !any((statement) -> !waitsForNobody(statement));
	}

	/**
	 * Return whether it cannot wait for the lock of a table, as it only sets something or
	 * begins or ends something. Nothing is sent before it: it may have to be the first of
	 * its transaction, or be the end of one that is aborted.
	 * @return whether it only controls the session
	 */
	boolean isControl() {
		return !this.statements.isEmpty() && !any((statement) -> !CommitReader.isControl(statement));
	}

	/**
	 * Return whether nobody who reads or writes rows waits behind it while it waits.
	 * @return whether it takes weak locks only
	 */
	boolean blocksNobody() {
		return this.data || !any((statement) -> !MildLockReader.isMild(statement));
	}

	/**
	 * Return whether all of it is undone if it fails outside a transaction, as far as
	 * that can be told. What cannot be told counts as committed.
	 * @return whether nothing of it is left behind, apart from an invalid index
	 */
	boolean isUndoneIfItFails() {
		return this.undoneIfItFails && (!this.concurrent || isConcurrentIndex());
	}

	/**
	 * Return whether it does something in another session, which is not rolled back.
	 * @return whether it may commit a part of itself even in a transaction
	 */
	boolean reachesOutside() {
		return any(CommitReader::reachesOutside);
	}

	/**
	 * Return whether it works on an index or a partition {@code CONCURRENTLY}. Such a
	 * statement waits for old snapshots of others without making anybody wait, and leaves
	 * an invalid index or a half-detached partition behind when it is cut.
	 * {@code REFRESH MATERIALIZED VIEW CONCURRENTLY} is none of them: it runs in a
	 * transaction.
	 * @return whether it must not be cut
	 */
	public boolean isConcurrent() {
		return this.concurrent;
	}

	/**
	 * Return whether it executes a block of code that may catch errors, so that a lock
	 * timeout within it would not be seen outside. A cancelled statement is not caught by
	 * {@code WHEN OTHERS}.
	 * @return whether an error may be caught
	 */
	public boolean swallowsErrors() {
		return any(DdlStatement::swallowsErrors);
	}

	/**
	 * Return whether it reads or writes rows.
	 * @return whether it is about rows
	 */
	public boolean isData() {
		return this.data;
	}

	/**
	 * Return whether building an index {@code CONCURRENTLY} is all that it does. One
	 * without a name does not count: whenever it fails, it leaves another one behind.
	 * @return whether it leaves nothing behind but an invalid index when it fails
	 */
	public boolean isConcurrentIndex() {
		CreatedIndex created = createdIndex();
		return this.statements.size() == 1 && created != null && created.concurrently() && created.name() != null;
	}

	/**
	 * Return whether it sets or resets {@code lock_timeout} itself.
	 * @return whether it sets a lock timeout of its own
	 */
	public boolean setsLockTimeout() {
		return this.setsLockTimeout;
	}

	/**
	 * Return whether it may set {@code lock_timeout}, itself or in code that it calls.
	 * @return whether the lock timeout is not known after it
	 */
	boolean maySetLockTimeout() {
		return any(SettingReader::maySetLockTimeout);
	}

	/**
	 * Return whether it changes a setting until the end of the transaction.
	 * @return whether the setting would reach the record of the unit
	 */
	boolean setsLocally() {
		return any(SettingReader::setsLocally);
	}

	/**
	 * Return whether it names a setting that limits the time of statements.
	 * @return whether a time limit may have been set
	 */
	boolean setsTimeLimit() {
		return this.timeLimit;
	}

	/**
	 * Return whether settings of the session or the transaction may be other ones after
	 * it, because it resets them or ends the transaction or a savepoint.
	 * @return whether settings are not known after it
	 */
	public boolean mayResetSettings() {
		return any(SettingReader::mayResetSettings);
	}

	/**
	 * Return whether advisory locks of the session may be dropped by it.
	 * @return whether it drops locks, as far as that can be read
	 */
	public boolean mayDropLocks() {
		return this.mayDropLocks;
	}

	/**
	 * Return whether it does nothing but create, alter or drop something, or set and show
	 * settings, and runs no query meanwhile, nor a function for the rows of a table that
	 * it alters.
	 * @return whether it writes no rows that are left to be checked, and runs no code
	 * that could drop a lock
	 */
	public boolean isDefinition() {
		return this.statements.stream().allMatch((statement) -> isDefinition(statement) || changesNothing(statement));
	}

	/**
	 * Return whether it commits the transaction.
	 * @return whether what was done before is not rolled back any more
	 */
	public boolean commits() {
		return this.commits;
	}

	/**
	 * Return whether it rolls the transaction back.
	 * @return whether what was done before is undone
	 */
	boolean rollsBack() {
		return any(CommitReader::rollsBack);
	}

	/**
	 * Return whether it does nothing but set, reset and show settings and the like.
	 * @return whether it could be executed again and again
	 */
	public boolean changesNothing() {
		return this.changesNothing;
	}

	/**
	 * Return the index that it creates before it does anything else.
	 * @return the index, or {@code null} if it creates none
	 */
	@Nullable CreatedIndex createdIndex() {
		return this.statements.stream()
			.filter((statement) -> !changesNothing(statement))
			.findFirst()
			.map(CreatedIndex::of)
			.orElse(null);
	}

	List<SqlStatement> statements() {
		return this.statements;
	}

	private boolean any(Predicate<SqlStatement> predicate) {
		return this.statements.stream().anyMatch(predicate);
	}

	private static boolean waitsForNobody(SqlStatement statement) {
		if (CommitReader.isControl(statement)) {
			return true;
		}
		SqlReader reader = statement.read();
		if (!reader.accept("create")) {
			return false;
		}
		reader.accept("unlogged");
		return reader.isNext("sequence") || reader.isNext("schema") || (reader.isNext("table")
				&& !statement.containsAny(OTHER_TABLES) && !statement.contains("as", "table"));
	}

	static boolean isConcurrent(SqlStatement statement) {
		SqlReader reader = statement.read();
		if (reader.accept("create")) {
			reader.accept("unique");
			return reader.accept("index", "concurrently");
		}
		if (reader.accept("reindex")) {
			return isConcurrentReindex(reader);
		}
		return reader.accept("drop", "index", "concurrently") || isConcurrentDetach(reader);
	}

	private static boolean isConcurrentReindex(SqlReader reader) {
		SqlReader options = reader.group().read();
		while (options.hasNext()) {
			SqlReader option = options.item().read();
			if (option.accept("concurrently")) {
				return !OFF.contains(option.peek().text());
			}
		}
		reader.skip();
		return reader.accept("concurrently");
	}

	private static boolean isConcurrentDetach(SqlReader reader) {
		if (!reader.accept("alter", "table")) {
			return false;
		}
		reader.accept("if", "exists");
		reader.table();
		return reader.accept("detach", "partition") && reader.name() != null && reader.accept("concurrently");
	}

	private static boolean isData(SqlStatement statement) {
		SqlToken first = statement.tokens().get(0);
		// A call in the syntax of JDBC is in braces
		return first.isSymbol('(') || first.isSymbol('{') || (first.kind() == Kind.WORD && DATA.contains(first.text()));
	}

	private static boolean swallowsErrors(SqlStatement statement) {
		DoBlock block = DoBlock.of(statement);
		return block != null && (block.body().contains("exception", "when") || !block.readable());
	}

	private static boolean mayDropLocks(SqlStatement statement) {
		return statement.startsWith("discard", "all") || DoBlock.codeOf(statement)
			.tokens()
			.stream()
			.anyMatch((token) -> token.text().regionMatches(true, 0, ADVISORY_UNLOCK, 0, ADVISORY_UNLOCK.length()));
	}

	private static boolean isDefinition(SqlStatement statement) {
		SqlToken first = statement.tokens().get(0);
		return first.kind() == Kind.WORD && DEFINITIONS.contains(first.text()) && !statement.containsAny(QUERIES)
				&& !statement.contains("as", "table") && !evaluatesExpression(statement);
	}

	/**
	 * For each row that is there, by a function that may write others.
	 */
	private static boolean evaluatesExpression(SqlStatement statement) {
		return statement.startsWith("alter") && statement.containsAny(EXPRESSIONS)
				&& statement.tokens().stream().anyMatch((token) -> token.isSymbol('('));
	}

	private static boolean changesNothing(SqlStatement statement) {
		return (CommitReader.isControl(statement) && !statement.startsWith("discard"))
				|| isHarmlessSelect(statement.read());
	}

	private static boolean isHarmlessSelect(SqlReader reader) {
		if (!reader.accept("select")) {
			return false;
		}
		while (reader.hasNext()) {
			if (!isHarmless(reader.item().read())) {
				return false;
			}
		}
		return true;
	}

	private static boolean isHarmless(SqlReader reader) {
		SqlName name = reader.name();
		boolean harmless = name != null && (name.schema() == null || name.schema().equals("pg_catalog"))
				&& HARMLESS_FUNCTIONS.contains(name.name())
				&& reader.group().tokens().stream().noneMatch((token) -> token.isSymbol('('));
		if (reader.accept("as")) {
			reader.name();
		}
		return harmless && !reader.hasNext();
	}

}
