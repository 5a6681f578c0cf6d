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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.migrationguard.MigrationLook;
import io.github.migrationguard.MigrationTarget;
import liquibase.ChecksumVersion;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.DbmsTargetedChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.RanChangeSet;
import liquibase.changelog.filter.ShouldRunChangeSetFilter;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.exception.DatabaseException;
import liquibase.exception.SetupException;
import liquibase.precondition.core.PreconditionContainer;
import liquibase.precondition.core.PreconditionContainer.ErrorOption;
import liquibase.precondition.core.PreconditionContainer.FailOption;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A change log, compared with the history.
 *
 * @author Migration Guard
 */
final class ChangeLogSight {

	private static final Log logger = LogFactory.getLog(ChangeLogSight.class);

	private final Database database;

	private final DatabaseChangeLog changeLog;

	/**
	 * The change sets that are meant for this database, contexts and labels.
	 */
	private final List<ChangeSet> meant;

	private final List<RanChangeSet> history;

	private final Map<String, RanChangeSet> records = new HashMap<>();

	private final List<ChangeSet> pending = new ArrayList<>();

	ChangeLogSight(Database database, DatabaseChangeLog changeLog, List<ChangeSet> meant, List<RanChangeSet> history) {
		this.database = database;
		this.changeLog = changeLog;
		this.meant = meant;
		this.history = List.copyOf(history);
		history.forEach((record) -> this.records.put(record.toString(), record));
	}

	/**
	 * Compare.
	 * @param target what was looked at
	 * @param scope what the scope of Liquibase is to hold when checksums are taken later
	 * @throws SetupException if a change set is not complete
	 */
	MigrationLook look(MigrationTarget target, Map<String, Object> scope) throws DatabaseException, SetupException {
		for (ChangeSet changeSet : this.meant) {
			for (Change change : changeSet.getChanges()) {
				change.finishInitialization();
			}
		}
		MigrationLook look = compare(target);
		return (this.pending.isEmpty() || isEdited()) ? look : look.withAwaited(() -> awaited(scope));
	}

	private MigrationLook compare(MigrationTarget target) throws DatabaseException {
		ShouldRunChangeSetFilter due = new ShouldRunChangeSetFilter(this.database);
		Set<String> applied = new HashSet<>(this.records.keySet());
		List<String> recurring = new ArrayList<>();
		int unrecorded = 0;
		boolean untried = false;
		for (ChangeSet changeSet : this.meant) {
			if (!due.accepts(changeSet).isAccepted() || isNeverRun(changeSet)) {
				continue;
			}
			applied.remove(changeSet.toNormalizedString());
			RanChangeSet record = record(changeSet);
			if (isRecurring(changeSet, record)) {
				recurring.add(changeSet.toString(false));
				untried |= record == null;
			}
			else {
				this.pending.add(changeSet);
				unrecorded += (record != null) ? 0 : 1;
			}
		}
		MigrationLook look = MigrationLook
			.of(target, this.pending.stream().map((changeSet) -> changeSet.toString(false)).toList(), unrecorded,
					recurring, count(applied), this.history.size())
			.withUnknown(unknown());
		return untried ? look.withUntried() : look;
	}

	private @Nullable RanChangeSet record(ChangeSet changeSet) {
		return this.records.get(changeSet.toNormalizedString());
	}

	private int count(Set<String> units) {
		return (int) this.changeLog.getChangeSets()
			.stream()
			.filter((changeSet) -> units.contains(changeSet.toNormalizedString()))
			.count();
	}

	/**
	 * A change set all of whose changes are for another database or operating system is
	 * skipped by Liquibase and never recorded.
	 */
	private boolean isNeverRun(ChangeSet changeSet) {
		return !changeSet.getChanges().isEmpty() && changeSet.getChanges().stream().allMatch(this::isSkipped);
	}

	private boolean isSkipped(Change change) {
		return !change.shouldRunOnOs() || (change instanceof DbmsTargetedChange targeted
				&& !DatabaseList.definitionMatches(targeted.getDbms(), this.database, true));
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

	/**
	 * What was applied after everything that this change log knows, from files next to
	 * its own or below it: a history may be shared with other change logs, and old change
	 * sets may have been removed from this one. What was run again says nothing about
	 * when it was first applied.
	 */
	private List<String> unknown() {
		Set<String> known = new HashSet<>();
		Set<String> directories = new HashSet<>();
		for (ChangeSet changeSet : this.changeLog.getChangeSets()) {
			known.add(changeSet.toNormalizedString());
			directories.add(directory(changeSet.getFilePath()));
		}
		String root = directory(this.changeLog.getFilePath());
		List<String> unknown = new ArrayList<>();
		boolean knownBefore = false;
		for (RanChangeSet ran : this.history) {
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
	 * Return whether a run would replace a checksum by one of the current version.
	 */
	boolean hasOldChecksum() {
		return this.meant.stream().map(this::record).anyMatch(ChangeLogSight::hasOldChecksum);
	}

	private static boolean hasOldChecksum(@Nullable RanChangeSet record) {
		return record != null && record.getLastCheckSum() != null
				&& record.getLastCheckSum().getVersion() < ChecksumVersion.latest().getVersion();
	}

	/**
	 * Return whether a change set was edited after it was applied. If so, the tool has to
	 * look again when the rest is recorded, and to say so. A run asks the same, and finds
	 * the checksums in the change sets.
	 */
	private boolean isEdited() {
		return this.meant.stream().anyMatch(this::isEdited);
	}

	/**
	 * Return how the pending change sets will be recorded, or nothing if that is not
	 * known: checksums are taken of files, too, which may be missing.
	 */
	private List<String> awaited(Map<String, Object> scope) {
		try {
			return Scope.child(scope, () -> this.pending.stream().map(ChangeLogSight::unit).toList());
		}
		catch (Exception ex) {
			logger.debug("What the pending change sets will look like when they are recorded is not known", ex);
			return List.of();
		}
	}

	private boolean isEdited(ChangeSet changeSet) {
		RanChangeSet record = record(changeSet);
		return record != null && !changeSet.shouldRunOnChange() && !changeSet.shouldAlwaysRun()
				&& !changeSet.isCheckSumValid(record.getLastCheckSum());
	}

	/**
	 * As {@link liquibase.sqlgenerator.core.MarkChangeSetRanGenerator} records it.
	 */
	private static String unit(ChangeSet changeSet) {
		return String.join("::", changeSet.getFilePath(), changeSet.getId(), changeSet.getAuthor(),
				changeSet.generateCheckSum(ChecksumVersion.latest()).toString());
	}

}
