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

import java.util.Set;

import io.github.migrationguard.ddl.SqlToken.Kind;

/**
 * Reads what a statement does to transactions, and whether all of it is undone if it
 * fails.
 *
 * @author Migration Guard
 */
final class CommitReader {

	private static final Set<String> ENDS_OF_TRANSACTION = Set.of("commit", "end", "rollback", "abort");

	/**
	 * What cannot wait for the lock of a table.
	 */
	private static final Set<String> CONTROL = Set.of("set", "reset", "show", "begin", "start", "savepoint", "release",
			"rollback", "abort", "commit", "end", "discard", "deallocate", "close", "listen", "unlisten", "notify");

	/**
	 * What is a transaction of its own outside a transaction. Maintenance may be several,
	 * but can be executed again and again.
	 */
	private static final Set<String> ALL_OR_NOTHING = Set.of("create", "alter", "drop", "comment", "grant", "revoke",
			"truncate", "refresh", "reindex", "cluster", "vacuum", "analyze", "analyse", "security", "import",
			"reassign", "insert", "update", "delete", "merge", "copy");

	private static final Set<String> ENDS_IN_BLOCK = Set.of("commit", "rollback", "call");

	/**
	 * The functions of an extension that executes statements in other sessions.
	 */
	private static final String OTHER_SESSION = "dblink";

	private CommitReader() {
	}

	static boolean isControl(SqlStatement statement) {
		return startsWithAny(statement, CONTROL);
	}

	static boolean endsTransaction(SqlStatement statement) {
		return startsWithAny(statement, ENDS_OF_TRANSACTION);
	}

	static boolean commits(SqlStatement statement) {
		return statement.startsWith("commit") || statement.startsWith("end")
				|| statement.startsWith("prepare", "transaction");
	}

	static boolean rollsBack(SqlStatement statement) {
		return (statement.startsWith("rollback") || statement.startsWith("abort")) && !statement.contains("to");
	}

	/**
	 * Return whether a statement that is executed outside a transaction is undone as a
	 * whole if it fails. A procedure and a block may commit, and so may functions, by way
	 * of other sessions: what cannot be read counts as committed.
	 */
	static boolean isUndoneIfItFails(SqlStatement statement) {
		if (reachesOutside(statement)) {
			return false;
		}
		if (statement.startsWith("do")) {
			DoBlock block = DoBlock.of(statement);
			return block != null && block.readable() && !block.body().containsAny(ENDS_IN_BLOCK);
		}
		return startsWithAny(statement, ALL_OR_NOTHING) || isControl(statement);
	}

	/**
	 * Return whether a statement does something in another session.
	 */
	static boolean reachesOutside(SqlStatement statement) {
		return DoBlock.codeOf(statement)
			.tokens()
			.stream()
			.anyMatch((token) -> token.kind() == Kind.WORD && token.text().startsWith(OTHER_SESSION));
	}

	private static boolean startsWithAny(SqlStatement statement, Set<String> words) {
		SqlToken first = statement.tokens().get(0);
		return first.kind() == Kind.WORD && words.contains(first.text());
	}

}
