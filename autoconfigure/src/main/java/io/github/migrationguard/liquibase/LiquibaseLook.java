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

package io.github.migrationguard.liquibase;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.lock.HistoryTable;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.RuntimeEnvironment;
import liquibase.Scope;
import liquibase.changelog.ChangeLogIterator;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;
import liquibase.changelog.filter.ContextChangeSetFilter;
import liquibase.changelog.filter.DbmsChangeSetFilter;
import liquibase.changelog.filter.IgnoreChangeSetFilter;
import liquibase.changelog.filter.LabelChangeSetFilter;
import liquibase.changelog.visitor.ListVisitor;
import liquibase.database.Database;
import liquibase.exception.LiquibaseException;
import liquibase.exception.SetupException;
import liquibase.exception.ValidationFailedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees which change sets are due, without a lock and without creating Liquibase's tables.
 *
 * @author Migration Guard
 */
class LiquibaseLook {

	private static final Log logger = LogFactory.getLog(LiquibaseLook.class);

	/**
	 * Made of columns that were there in every version of Liquibase.
	 */
	private static final String NEWEST = "max(dateexecuted)";

	private static final String UNIT = "concat_ws('::', filename, id, author, md5sum)";

	/**
	 * Somebody changes the history table at this moment: lock timeout, no such table (any
	 * more), deadlock, cancelled, also by the replay on a standby. Or it is one of an
	 * older version of Liquibase that lacks a column.
	 */
	private static final Set<String> UNCLEAR = Set.of("55P03", "42P01", "40P01", "57014", "40001", "42703");

	private final SpringLiquibaseAccess access;

	/**
	 * Kept from look to look and for the run: to parse a change log may take long.
	 */
	private @Nullable ParsedChangeLog parsed;

	LiquibaseLook(SpringLiquibaseAccess access) {
		this.access = access;
	}

	/**
	 * See what is due here.
	 */
	MigrationLook look(Connection connection) throws Exception {
		return this.access.doesMoreThanUpdate() ? lookAtTarget(connection) : lookAtChangeSets(connection, false);
	}

	/**
	 * See which change sets others have to apply, whatever else a run would do. Somebody
	 * who never runs must not go on with a change log that is not valid either.
	 */
	MigrationLook lookAsWaiter(Connection connection) throws Exception {
		return lookAtChangeSets(connection, true);
	}

	/**
	 * See what a run would work on, and nothing else.
	 */
	MigrationLook lookAtTarget(Connection connection) throws Exception {
		Database database = this.access.createDatabase(AutoCommitConnection.of(connection));
		try {
			return MigrationLook.always(target(database));
		}
		finally {
			database.close();
		}
	}

	/**
	 * Return the change log as the last look has read it, once: a run changes it.
	 */
	@Nullable DatabaseChangeLog takeChangeLog() {
		ParsedChangeLog parsed = this.parsed;
		this.parsed = null;
		return (parsed != null) ? parsed.changeLog() : null;
	}

	void forget() {
		this.parsed = null;
	}

	private MigrationLook lookAtChangeSets(Connection connection, boolean waiter) throws Exception {
		Map<String, Object> scope = Map.of(Scope.Attr.ui.name(),
				this.access.bean().getUiService().getUiServiceClass().getDeclaredConstructor().newInstance(),
				ReadOnlyHistoryService.scopeKey(), true);
		return Scope.child(scope, () -> {
			try (Liquibase liquibase = this.access.createLiquibase(AutoCommitConnection.of(connection))) {
				MigrationTarget target = target(liquibase.getDatabase());
				return Scope.child(scopeOf(liquibase), () -> lookOrUnclear(liquibase, target, connection, waiter));
			}
		});
	}

	private static Map<String, Object> scopeOf(Liquibase liquibase) {
		return Map.of(Scope.Attr.resourceAccessor.name(), liquibase.getResourceAccessor(), Scope.Attr.database.name(),
				liquibase.getDatabase());
	}

	private MigrationLook lookOrUnclear(Liquibase liquibase, MigrationTarget target, Connection connection,
			boolean waiter) throws Exception {
		try {
			return look(liquibase, target, connection, waiter);
		}
		catch (Exception ex) {
			if (isUnclear(ex)) {
				return MigrationLook.unclear(target);
			}
			throw ex;
		}
	}

	private static boolean isUnclear(Exception ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sqlException
					&& UNCLEAR.contains(String.valueOf(sqlException.getSQLState()))) {
				return true;
			}
		}
		return false;
	}

	private MigrationLook look(Liquibase liquibase, MigrationTarget target, Connection connection, boolean waiter)
			throws Exception {
		Database database = liquibase.getDatabase();
		ReadOnlyHistoryService history = ReadOnlyHistoryService.of(database);
		if (!waiter && history.isTableOutdated()) {
			return MigrationLook.unclear(target);
		}
		Contexts contexts = new Contexts(this.access.bean().getContexts());
		LabelExpression labels = new LabelExpression(this.access.bean().getLabelFilter());
		liquibase.getChangeLogParameters().setContexts(contexts);
		liquibase.getChangeLogParameters().setLabels(labels);
		DatabaseChangeLog changeLog = changeLog(liquibase, history.getRanChangeSets());
		RuntimeEnvironment environment = new RuntimeEnvironment(database, contexts, labels);
		ListVisitor meant = new ListVisitor();
		new ChangeLogIterator(changeLog, new ContextChangeSetFilter(contexts), new LabelChangeSetFilter(labels),
				new DbmsChangeSetFilter(database), new IgnoreChangeSetFilter())
			.run(meant, environment);
		ChangeLogSight sight = new ChangeLogSight(database, changeLog, meant.getSeenChangeSets(),
				history.getRanChangeSets());
		MigrationLook look;
		try {
			look = sight.look(target, scopeOf(liquibase));
			if (!look.pending().isEmpty()) {
				return look;
			}
			changeLog.validate(database, contexts, labels);
		}
		catch (ValidationFailedException | SetupException | RuntimeException ex) {
			if (waiter || isUnclear(ex)) {
				throw ex;
			}
			logger.debug("The run says what is wrong", ex);
			return MigrationLook.always(target);
		}
		if (waiter) {
			return look;
		}
		history.upgradeChecksums(changeLog, contexts, labels);
		boolean complete = history.hasDatabaseChangeLogTable() && !history.isOutdated() && !sight.hasOldChecksum()
				&& new ChangelogLock(target.lockName(), target.lockIdentity()).isInitialized(connection);
		return complete ? look : look.withPreparation();
	}

	/**
	 * Parse the change log, unless that has been done and would have the same result:
	 * what a change set is called may depend on what the history calls it.
	 */
	private DatabaseChangeLog changeLog(Liquibase liquibase, List<RanChangeSet> history) throws LiquibaseException {
		Set<String> recorded = history.stream().map(RanChangeSet::toString).collect(Collectors.toSet());
		ParsedChangeLog parsed = this.parsed;
		if (parsed == null || !parsed.isUpToDate(recorded)) {
			parsed = new ParsedChangeLog(liquibase.getDatabaseChangeLog(), recorded);
			this.parsed = parsed;
		}
		return parsed.changeLog();
	}

	private static MigrationTarget target(Database database) {
		LiquibaseTable history = LiquibaseTable.history(database);
		LiquibaseTable lock = LiquibaseTable.lock(database);
		return new MigrationTarget(
				new HistoryTable(history.readable(), history.quoted(), NEWEST, "orderexecuted", UNIT), lock.quoted(),
				lock.readable());
	}

	/**
	 * A change log, parsed.
	 *
	 * @param changeLog the change log
	 * @param recorded what the history had recorded when it was parsed
	 */
	private record ParsedChangeLog(DatabaseChangeLog changeLog, Set<String> recorded) {

		/**
		 * Return whether the history has lost nothing since and holds nothing new under
		 * names that the change log does not know.
		 */
		boolean isUpToDate(Set<String> recorded) {
			return recorded.containsAll(this.recorded) && (recorded.size() == this.recorded.size()
					|| isKnown(recorded.stream().filter((unit) -> !this.recorded.contains(unit))));
		}

		private boolean isKnown(Stream<String> units) {
			Set<String> known = this.changeLog.getChangeSets()
				.stream()
				.map(ChangeSet::toNormalizedString)
				.collect(Collectors.toSet());
			return units.allMatch(known::contains);
		}

	}

}
