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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.InvalidIndexes;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Rebuilds all invalid indexes that the role owns. What a rebuild has left behind that
 * was cut off is dropped.
 *
 * @author Migration Guard
 * @see <a href=
 * "https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY">Rebuilding
 * Indexes Concurrently</a>
 */
final class IndexRebuild {

	private static final Pattern LEFT_BEHIND = Pattern.compile("_cc(?:new|old)\\d*\"?$");

	private static final String QUERY_CANCELED = "57014";

	private static final int FIND_TIMEOUT_SECONDS = 10;

	private static final Log logger = LogFactory.getLog(IndexRebuild.class);

	private final Connection connection;

	private final Set<String> tried = new HashSet<>();

	IndexRebuild(Connection connection) {
		this.connection = connection;
	}

	void run() {
		try (LockTimeout off = LockTimeout.off(this.connection)) {
			repair((index) -> true);
			repair(IndexRebuild::isLeftBehind);
		}
		catch (SQLException ex) {
			logger.warn("Looking for invalid indexes and repairing them ended early: " + firstLine(ex));
		}
	}

	/**
	 * Repair the indexes that have not been tried yet. One that fails to be rebuilt
	 * leaves another one behind.
	 */
	private void repair(Predicate<InvalidIndex> filter) throws SQLException {
		for (InvalidIndex index : InvalidIndexes.find(this.connection, FIND_TIMEOUT_SECONDS)) {
			if (index.owned() && !index.beingBuilt() && filter.test(index) && this.tried.add(index.name())) {
				repair(index);
			}
		}
	}

	private void repair(InvalidIndex index) throws SQLException {
		String sql = isLeftBehind(index) ? index.remedy() : "reindex index concurrently " + index.name();
		logger.warn(PrintableText
			.of("The index %s on %s is invalid. It is repaired with: %s".formatted(index.name(), index.table(), sql)));
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			if (this.connection.isClosed() || QUERY_CANCELED.equals(ex.getSQLState())) {
				throw ex;
			}
			logger.warn(PrintableText
				.of("The index %s on %s is still invalid: %s. When the cause is mended, repair it with: %s"
					.formatted(index.name(), index.table(), firstLine(ex), sql)));
		}
	}

	private static boolean isLeftBehind(InvalidIndex index) {
		return LEFT_BEHIND.matcher(index.name()).find();
	}

	/**
	 * The other lines may show rows.
	 */
	private static String firstLine(SQLException failure) {
		return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
	}

}
