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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import io.github.migrationguard.ddl.FailedStatement;
import io.github.migrationguard.ddl.InvalidIndexException;
import io.github.migrationguard.ddl.Unit;
import io.github.migrationguard.lock.MigrationSession;
import io.github.migrationguard.lock.PrintableText;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.InvalidIndexes;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells what a unit that failed has left behind.
 *
 * @author Migration Guard
 */
final class UnitFailures {

	private static final Log logger = LogFactory.getLog(MigrationRun.class);

	private static final int TIMEOUT_SECONDS = 5;

	private final RunContext run;

	private final MigrationSession session;

	UnitFailures(RunContext run, MigrationSession session) {
		this.run = run;
		this.session = session;
	}

	/**
	 * Tell more of the failure of a unit, if there is more to be told.
	 * @param failure the failure
	 * @param unit the unit
	 * @return the failure, as it is to be reported
	 */
	Throwable explain(Throwable failure, Unit unit) {
		List<InvalidIndex> invalidIndexes = publishInvalidIndexes();
		if (!(failure instanceof MigrationFailedException failed)
				|| SqlFailures.find(failure, InvalidIndexException.class) != null) {
			return failure;
		}
		FailedStatement statement = unit.failedStatement();
		boolean left = unit.isConcurrent() && !invalidIndexes.isEmpty();
		if (left && (statement == null || statement.executed() == 0)) {
			return new IndexBuildFailedException(failed, invalidIndexes);
		}
		return (statement != null && failed.getUnit() != null) ? PartlyAppliedException.of(failed, statement) : failed;
	}

	/**
	 * Publish invalid indexes: one that is invalid is not used, and nobody would notice.
	 * @return those that nobody is building
	 */
	List<InvalidIndex> publishInvalidIndexes() {
		try (Connection connection = this.session.connection()) {
			List<InvalidIndex> found = InvalidIndexes.find(connection, TIMEOUT_SECONDS);
			this.run.board().update((status) -> status.withDdl((ddl) -> ddl.withInvalidIndexes(found)));
			List<InvalidIndex> left = found.stream().filter((index) -> !index.beingBuilt()).toList();
			left.forEach(UnitFailures::warn);
			return left;
		}
		catch (SQLException ex) {
			logger.debug("Could not look for invalid indexes", ex);
			return List.of();
		}
	}

	private static void warn(InvalidIndex index) {
		logger.warn(PrintableText.of("The index %s on %s is invalid and not used. Remove it with: %s"
			.formatted(index.name(), index.table(), index.remedy())));
	}

}
