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

package io.github.migrationguard.actuate;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.migrationguard.Attempt.Outcome;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.actuate.MigrationDescriptor.AttemptDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ChangelogLockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.DatabaseDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ErrorDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.InvalidIndexDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ProgressDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.UnitDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The part of the page about one migration.
 *
 * @author Migration Guard
 */
class MigrationView {

	private static final String MIGRATION = """
			<section>
			<h2>%s <span class="badge %s">%s</span></h2>
			%s
			%s
			%s
			%s
			%s
			%s
			%s
			%s
			%s
			</section>""";

	private static final String PART = """
			<div class="part">
			<h3>%s</h3>
			%s
			</div>""";

	private static final String CHANGELOG_LOCK = """
			<p><strong>%s</strong> is locked by %s%s. If that one is gone, release it.</p>
			%s""";

	private static final String PROGRESS = """
			<p><strong>%s</strong> of %s units applied%s</p>
			<progress value="%s" max="%s"></progress>""";

	private static final String PHASE = """
			<p>%s, <strong>%s %%</strong></p>
			<progress value="%s" max="100"></progress>""";

	private static final String ATTEMPT = """
			<li class="%s">
			<p><strong>%s</strong> %s</p>
			%s
			</li>""";

	private static final String INVALID_INDEX = """
			<li class="card">
			<p><strong>%s</strong> on %s</p>
			%s
			%s
			</li>""";

	private final String instance;

	private final String name;

	private final MigrationDescriptor migration;

	private final ReadableTime time;

	MigrationView(String instance, String name, MigrationDescriptor migration, ReadableTime time) {
		this.instance = instance;
		this.name = name;
		this.migration = migration;
		this.time = time;
	}

	Html render() {
		LockQueueView queue = new LockQueueView(this.migration);
		return Html.of(MIGRATION, this.name, tone(this.migration.state()), this.migration.state(),
				new VerdictView(this.migration).render(), Html.ifPresent(this.migration.error(), this::error),
				Html.ifPresent(this.migration.changelogLock(), this::changelogLock),
				queue.isPresent() ? part("Lock queue", queue.render()) : Html.NOTHING,
				Html.ifPresent(this.migration.progress(), this::progress),
				list("Attempts", "timeline", this.migration.attempts(), this::attempt),
				list("Invalid indexes", "cards", this.migration.invalidIndexes(), this::invalidIndex),
				part("Replicas", new ReplicasView(this.instance, this.migration, this.time).render()),
				part("Facts", facts()));
	}

	static String tone(MigrationState state) {
		return switch (state) {
			case COMPLETED, UP_TO_DATE, SKIPPED -> "good";
			case FAILED, ABORTED -> "bad";
			case BACKING_OFF, WAITING_FOR_CHANGELOG_LOCK, UNGUARDED -> "warn";
			case PENDING, CONNECTING, LOOKING, WAITING, MIGRATING -> "busy";
		};
	}

	private static Html part(String title, Html content) {
		return Html.of(PART, title, content);
	}

	private static <T> Html list(String title, String style, @Nullable List<T> values, Function<T, Html> piece) {
		return (values == null || values.isEmpty()) ? Html.NOTHING
				: part(title, Html.of("<ol class=\"%s\">%s</ol>", style, Html.forEach(values, piece)));
	}

	private Html error(ErrorDescriptor error) {
		return part((this.migration.state() == MigrationState.UNGUARDED) ? "Not guarded" : "Error",
				Html.of("<pre class=\"error\"><code>%s</code></pre>%s", error.message(),
						Html.line(error.sqlState(), error.unit())));
	}

	private Html changelogLock(ChangelogLockDescriptor lock) {
		return part("Lock of somebody who is not guarded",
				Html.of(CHANGELOG_LOCK, lock.table(), (lock.lockedBy() != null) ? lock.lockedBy() : "nobody knows whom",
						Html.ifPresent(lock.since(), (since) -> Html.of(" for %s", this.time.since(since))),
						LockQueueView.remedy(lock.remedy())));
	}

	private Html progress(ProgressDescriptor progress) {
		int total = progress.applied() + progress.pending();
		Html recurring = (progress.recurring() > 0) ? Html.of(", %s due at every start", progress.recurring())
				: Html.NOTHING;
		return part("Progress",
				Html.of("%s%s%s%s", Html.of(PROGRESS, progress.applied(), total, recurring, progress.applied(), total),
						Html.ifPresent(progress.current(), this::current),
						Html.ifPresent(progress.phase(), (phase) -> phase(phase, progress.percent())),
						Html.ifPresent(progress.pendingUnits(), (units) -> units("What is waited for", units))));
	}

	private Html current(UnitDescriptor unit) {
		return Html.of("<p>Now <strong>%s</strong>%s</p>", unit.id(),
				Html.ifPresent(unit.startedAt(), (startedAt) -> Html.of(" for %s", this.time.since(startedAt))));
	}

	private static Html phase(String phase, @Nullable Integer percent) {
		return (percent != null) ? Html.of(PHASE, phase, percent, percent) : Html.of("<p>%s</p>", phase);
	}

	private static Html units(String title, List<String> units) {
		return Html.of("<details><summary>%s</summary><ul>%s</ul></details>", title,
				Html.forEach(units, (unit) -> Html.of("<li>%s</li>", unit)));
	}

	private Html attempt(AttemptDescriptor attempt) {
		Html took = (attempt.took() != null) ? Html.of("took %s", ReadableTime.duration(attempt.took()))
				: Html.of("for %s", this.time.since(attempt.startedAt()));
		String blockers = attempt.blockers().stream().map(String::valueOf).collect(Collectors.joining(", "));
		return Html.of(ATTEMPT, tone(attempt.outcome()), (attempt.outcome() != null) ? attempt.outcome() : "going on",
				attempt.unit(),
				Html.line("attempt " + attempt.number(), Html.of("at %s", ReadableTime.timeOfDay(attempt.startedAt())),
						took, Html.of("others may queue for %s", ReadableTime.duration(attempt.maxStall())),
						!blockers.isEmpty() ? "blocked by pid " + blockers : null));
	}

	private static String tone(@Nullable Outcome outcome) {
		if (outcome == null) {
			return "busy";
		}
		return switch (outcome) {
			case APPLIED -> "good";
			case FAILED -> "bad";
			case LOCK_TIMEOUT, STALL, DEADLOCK -> "warn";
		};
	}

	private Html invalidIndex(InvalidIndexDescriptor index) {
		return Html.of(INVALID_INDEX, index.name(), index.table(), LockQueueView.sql(index.definition()),
				LockQueueView.remedy(index.remedy()));
	}

	private Html facts() {
		DatabaseDescriptor database = this.migration.database();
		LockDescriptor lock = this.migration.lock();
		return Html.of("<dl>%s%s%s%s%s%s</dl>", fact("Tool", this.migration.tool()),
				fact("Role", this.migration.role()),
				fact("State", Html.of("%s for %s", this.migration.state(), this.time.since(this.migration.since()))),
				Html.ifPresent(database, this::database), Html.ifPresent(lock, this::lock),
				Html.ifPresent(this.migration.unknownUnits(),
						(units) -> fact("History", units("What this version does not know", units))));
	}

	private Html database(DatabaseDescriptor database) {
		return Html.of("%s%s%s", fact("Database", database.product()),
				Html.ifPresent(database.url(), (url) -> fact("URL", url)),
				Html.ifPresent(database.history(), (history) -> fact("History table", history)));
	}

	private Html lock(LockDescriptor lock) {
		return Html.of("%s%s%s%s", fact("Lock", Html.of("%s %s", lock.name(), lock.key())),
				Html.ifPresent(lock.waitedFor(), (wait) -> fact("Waited for", ReadableTime.duration(wait))),
				Html.ifPresent(lock.timeoutAt(),
						(timeoutAt) -> fact("Gives up", Html.of("%s", this.time.relative(timeoutAt)))),
				Html.ifPresent(lock.acquiredAt(), (acquiredAt) -> fact("Got it", this.time.relative(acquiredAt))));
	}

	private static Html fact(String name, Object value) {
		return Html.of("<div><dt>%s</dt><dd>%s</dd></div>", name, value);
	}

}
