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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationTarget;
import io.github.migrationguard.lock.HistoryTable;
import liquibase.ChecksumVersion;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.DbmsTargetedChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.exception.DatabaseException;
import liquibase.exception.ValidationFailedException;
import liquibase.precondition.core.PreconditionContainer;
import liquibase.precondition.core.PreconditionContainer.ErrorOption;
import liquibase.precondition.core.PreconditionContainer.FailOption;
import liquibase.structure.core.Schema;
import liquibase.structure.core.Table;
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

	private static final String NEWEST = "concat(max(orderexecuted), '/', max(dateexecuted))";

	private static final String UNIT = "concat_ws('::', filename, id, author, md5sum)";

	/**
	 * Somebody changes the history table at this moment: lock timeout, no such table (any
	 * more), deadlock, cancelled, also by the replay on a standby.
	 */
	private static final Set<String> UNCLEAR = Set.of("55P03", "42P01", "40P01", "57014", "40001");

	private final SpringLiquibaseAccess access;

	LiquibaseLook(SpringLiquibaseAccess access) {
		this.access = access;
	}

	/**
	 * See what is due here.
	 */
	MigrationLook look(Connection connection) throws Exception {
		return inScope(
				() -> this.access.doesMoreThanUpdate() ? lookAtTarget(connection) : lookAtChangeSets(connection));
	}

	/**
	 * See which change sets others have to apply, whatever else a run would do. Somebody
	 * who never runs must not go on with a change log that is not valid either.
	 */
	MigrationLook lookAsWaiter(Connection connection) throws Exception {
		boolean dropFirst = this.access.bean().isDropFirst();
		this.access.bean().setDropFirst(false);
		try {
			return inScope(() -> {
				try (Liquibase liquibase = this.access.createLiquibase(connection)) {
					return lookAtChangeSetsOrUnclear(liquibase, target(liquibase.getDatabase()));
				}
			});
		}
		finally {
			this.access.bean().setDropFirst(dropFirst);
		}
	}

	private MigrationLook inScope(Scope.ScopedRunnerWithReturn<MigrationLook> runner) throws Exception {
		Map<String, Object> scope = Map.of(Scope.Attr.ui.name(),
				this.access.bean().getUiService().getUiServiceClass().getDeclaredConstructor().newInstance(),
				ReadOnlyHistoryService.scopeKey(), true);
		return Scope.child(scope, runner);
	}

	private MigrationLook lookAtTarget(Connection connection) throws DatabaseException {
		Database database = this.access.createDatabase(connection);
		try {
			return MigrationLook.always(target(database));
		}
		finally {
			database.close();
		}
	}

	private MigrationLook lookAtChangeSets(Connection connection) throws Exception {
		try (Liquibase liquibase = this.access.createLiquibase(connection)) {
			MigrationTarget target = target(liquibase.getDatabase());
			try {
				return lookAtChangeSetsOrUnclear(liquibase, target);
			}
			catch (ValidationFailedException ex) {
				// The run says what is wrong, better than we could
				return MigrationLook.always(target);
			}
		}
	}

	private MigrationLook lookAtChangeSetsOrUnclear(Liquibase liquibase, MigrationTarget target) throws Exception {
		try {
			return lookAtChangeSets(liquibase, target);
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

	private MigrationLook lookAtChangeSets(Liquibase liquibase, MigrationTarget target) throws Exception {
		List<ChangeSet> due = new ArrayList<>(
				liquibase.listUnrunChangeSets(new Contexts(this.access.bean().getContexts()),
						new LabelExpression(this.access.bean().getLabelFilter()), false));
		Map<String, RanChangeSet> ran = new HashMap<>();
		liquibase.getDatabase().getRanChangeSetList().forEach((changeSet) -> ran.put(changeSet.toString(), changeSet));
		List<String> pending = new ArrayList<>();
		List<ChangeSet> awaited = new ArrayList<>();
		List<String> recurring = new ArrayList<>();
		int unrecorded = 0;
		int recorded = liquibase.getDatabase().getRanChangeSetList().size();
		due.removeIf((changeSet) -> isNeverRun(changeSet, liquibase.getDatabase()));
		for (ChangeSet changeSet : due) {
			RanChangeSet record = ran.remove(changeSet.toNormalizedString());
			if (isRecurring(changeSet, record)) {
				recurring.add(changeSet.toString(false));
			}
			else {
				pending.add(changeSet.toString(false));
				awaited.add(changeSet);
				unrecorded += (record != null) ? 0 : 1;
			}
		}
		long applied = liquibase.getDatabaseChangeLog()
			.getChangeSets()
			.stream()
			.filter((changeSet) -> ran.containsKey(changeSet.toNormalizedString()))
			.count();
		return MigrationLook.of(target, pending, unrecorded, recurring, (int) applied, recorded)
			.withAwaited(() -> units(awaited, liquibase))
			.withUnknown(unknown(liquibase));
	}

	/**
	 * Checksums are taken of files, too.
	 */
	private static List<String> units(List<ChangeSet> changeSets, Liquibase liquibase) {
		Map<String, Object> scope = Map.of(Scope.Attr.resourceAccessor.name(), liquibase.getResourceAccessor(),
				Scope.Attr.database.name(), liquibase.getDatabase());
		try {
			return Scope.child(scope, () -> changeSets.stream().map(LiquibaseLook::unit).toList());
		}
		catch (Exception ex) {
			logger.debug("What the pending change sets will look like when they are recorded is not known", ex);
			return List.of();
		}
	}

	/**
	 * As {@link liquibase.sqlgenerator.core.MarkChangeSetRanGenerator} records it.
	 */
	private static String unit(ChangeSet changeSet) {
		return String.join("::", changeSet.getFilePath(), changeSet.getId(), changeSet.getAuthor(),
				changeSet.generateCheckSum(ChecksumVersion.latest()).toString());
	}

	/**
	 * What was applied after everything that this change log knows, from files next to
	 * its own or below it: a history may be shared with other change logs, and old change
	 * sets may have been removed from this one. What was run again says nothing about
	 * when it was first applied.
	 */
	private static List<String> unknown(Liquibase liquibase) throws Exception {
		Set<String> known = new HashSet<>();
		Set<String> directories = new HashSet<>();
		for (ChangeSet changeSet : liquibase.getDatabaseChangeLog().getChangeSets()) {
			known.add(changeSet.toNormalizedString());
			directories.add(directory(changeSet.getFilePath()));
		}
		String root = directory(liquibase.getDatabaseChangeLog().getFilePath());
		List<String> unknown = new ArrayList<>();
		boolean knownBefore = false;
		for (RanChangeSet ran : liquibase.getDatabase().getRanChangeSetList()) {
			if (!known.contains(ran.toString())) {
				if (knownBefore && isOwn(directory(ran.getChangeLog()), directories, root)) {
					unknown.add(ran.getChangeLog() + "::" + ran.getId() + "::" + ran.getAuthor());
				}
			}
			else if (ran.getExecType() != ChangeSet.ExecType.RERAN) {
				knownBefore = true;
				unknown.clear();
			}
		}
		return unknown;
	}

	private static boolean isOwn(String directory, Set<String> directories, String root) {
		return directories.contains(directory) || (!root.isEmpty() && directory.startsWith(root));
	}

	private static String directory(String file) {
		String path = DatabaseChangeLog.normalizePath(file);
		return path.substring(0, path.lastIndexOf('/') + 1);
	}

	/**
	 * A change set all of whose changes are for another database or operating system is
	 * skipped by Liquibase and never recorded.
	 */
	private static boolean isNeverRun(ChangeSet changeSet, Database database) {
		return !changeSet.getChanges().isEmpty()
				&& changeSet.getChanges().stream().allMatch((change) -> isSkipped(change, database));
	}

	private static boolean isSkipped(Change change, Database database) {
		return !change.shouldRunOnOs() || (change instanceof DbmsTargetedChange targeted
				&& !DatabaseList.definitionMatches(targeted.getDbms(), database, true));
	}

	/**
	 * Change sets that never stop to be due: those that always run (once they have, with
	 * the content that they have) and those that may end without a record.
	 */
	private static boolean isRecurring(ChangeSet changeSet, @Nullable RanChangeSet record) {
		if (record != null && changeSet.shouldAlwaysRun() && changeSet.isCheckSumValid(record.getLastCheckSum())) {
			return true;
		}
		return Boolean.FALSE.equals(changeSet.getFailOnError()) || mayContinue(changeSet.getPreconditions());
	}

	private static boolean mayContinue(@Nullable PreconditionContainer preconditions) {
		return preconditions != null && (preconditions.getOnFail() == FailOption.CONTINUE
				|| preconditions.getOnError() == ErrorOption.CONTINUE);
	}

	private static MigrationTarget target(Database database) {
		TableName history = TableName.of(database, database.getDatabaseChangeLogTableName());
		TableName lock = TableName.of(database, database.getDatabaseChangeLogLockTableName());
		return new MigrationTarget(
				new HistoryTable(history.readable(), history.quoted(), NEWEST, "orderexecuted", UNIT), lock.quoted(),
				lock.readable());
	}

	/**
	 * A table of Liquibase with the schema and the case that the database has.
	 */
	private record TableName(@Nullable String schema, String table) {

		static TableName of(Database database, String table) {
			String schema = database.getLiquibaseSchemaName();
			return new TableName((schema != null) ? database.correctObjectName(schema, Schema.class) : null,
					database.correctObjectName(table, Table.class));
		}

		String readable() {
			return (this.schema != null) ? this.schema + "." + this.table : this.table;
		}

		String quoted() {
			return (this.schema != null) ? quote(this.schema) + "." + quote(this.table) : quote(this.table);
		}

		private static String quote(String name) {
			return '"' + name.replace("\"", "\"\"") + '"';
		}

	}

}
