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
import java.util.Locale;

import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedBehindDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedSessionDescriptor;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;

/**
 * The lock queue as a tree: the roots, those that wait for them, the migration, those
 * that wait for the migration.
 *
 * @author Migration Guard
 */
class LockQueueView {

	private static final String LEVEL = """
			<ul>
			<li>
			<p class="level">%s</p>
			%s
			%s
			</li>
			</ul>""";

	private static final String BLOCKER = """
			<article class="node blocker">
			<h4>%s %s %s</h4>
			%s
			%s
			%s
			<p class="advice">%s</p>
			%s
			%s
			</article>""";

	private static final String MIGRATION = """
			<article class="node migration">
			<h4>%s <span class="pid">pid %s</span></h4>
			%s
			%s
			%s
			</article>""";

	private static final String QUEUE = """
			<article class="node queue">
			<h4>%s</h4>
			%s
			</article>""";

	private final MigrationDescriptor migration;

	LockQueueView(MigrationDescriptor migration) {
		this.migration = migration;
	}

	/**
	 * Return whether anybody is in anybody's way.
	 */
	boolean isPresent() {
		return !blockers().isEmpty() || queued() != null;
	}

	Html render() {
		List<BlockerDescriptor> direct = blockers().stream().filter(BlockerDescriptor::direct).toList();
		List<BlockerDescriptor> between = indirect(false);
		List<BlockerDescriptor> roots = indirect(true);
		Html queue = Html.ifPresent(queued(),
				(queued) -> level("Waits for the migration", queue(queued), Html.NOTHING));
		Html migration = level(direct.isEmpty() ? "The migration" : "The migration, which waits for that", migration(),
				queue);
		Html tree = migration;
		tree = level((between.isEmpty() && roots.isEmpty()) ? "In the way" : "In the way of the migration", direct,
				tree);
		tree = level("In between", between, tree);
		tree = level("At the root", roots, tree);
		return Html.of("<div class=\"tree\">%s</div>", tree);
	}

	private List<BlockerDescriptor> blockers() {
		return (this.migration.blockers() != null) ? this.migration.blockers() : List.of();
	}

	private List<BlockerDescriptor> indirect(boolean root) {
		return blockers().stream().filter((blocker) -> !blocker.direct() && blocker.root() == root).toList();
	}

	private @Nullable QueuedBehindDescriptor queued() {
		QueuedBehindDescriptor queued = this.migration.queuedBehind();
		return (queued != null && queued.sessions() > 0) ? queued : null;
	}

	private static Html level(String title, List<BlockerDescriptor> blockers, Html next) {
		return blockers.isEmpty() ? next : level(title, Html.forEach(blockers, LockQueueView::blocker), next);
	}

	private static Html level(String title, Html nodes, Html next) {
		return Html.of(LEVEL, title, nodes, next);
	}

	private static Html blocker(BlockerDescriptor blocker) {
		return Html.of(BLOCKER, words(blocker.kind()),
				Html.ifPresent(blocker.pid(), (pid) -> Html.of("<span class=\"pid\">pid %s</span>", pid)),
				blocker.root() ? Html.of("<span class=\"badge bad\">root</span>") : Html.NOTHING,
				Html.line(blocker.user(), blocker.applicationName(), blocker.clientAddress(), blocker.state()),
				locks(blocker), sql(blocker.query()), blocker.advice(),
				Html.ifPresent(blocker.remedy(), LockQueueView::remedy), hidden(blocker.hidden()));
	}

	private static Html locks(BlockerDescriptor blocker) {
		Html holds = Html.ifPresent(blocker.holds(), (lock) -> Html.of("<p>Holds <strong>%s</strong></p>", lock));
		Html wanted = Html.ifPresent(blocker.waitingFor(),
				(lock) -> Html.of("<p>Wanted is <strong>%s</strong></p>", lock));
		Html age = Html.ifPresent(blocker.transactionAge(),
				(open) -> Html.of("<p>In its transaction for <strong>%s</strong></p>", ReadableTime.duration(open)));
		return Html.of("<div class=\"locks\">%s%s%s</div>", holds, wanted, age);
	}

	static Html remedy(String sql) {
		return Html.of("<pre class=\"remedy\"><code>%s</code></pre>", sql);
	}

	static Html sql(@Nullable String statement) {
		return Html.ifPresent(statement, (sql) -> Html.of("<pre><code>%s</code></pre>", sql));
	}

	static Html hidden(@Nullable String hidden) {
		return Html.ifPresent(hidden, (text) -> Html.of("<p class=\"hidden\">%s</p>", text));
	}

	private Html migration() {
		ParticipantDescriptor holder = (this.migration.lock() != null) ? this.migration.lock().holder() : null;
		if (holder == null) {
			return Html.of("<article class=\"node migration\"><h4>The migration</h4></article>");
		}
		return Html.of(MIGRATION, (holder.instance() != null) ? holder.instance() : "A session that is not guarded",
				holder.pid(),
				Html.ifPresent(holder.activity(),
						(activity) -> Html.of("<p>%s</p>", activity.name().toLowerCase(Locale.ROOT))),
				sql(holder.query()), hidden(holder.hidden()));
	}

	private static Html queue(QueuedBehindDescriptor queued) {
		Html count = Html.of((queued.sessions() == 1) ? "%s session" : "%s sessions", queued.sessions());
		Html longest = Html.ifPresent(queued.longestWait(),
				(wait) -> Html.of(", the first for %s", ReadableTime.duration(wait)));
		List<QueuedSessionDescriptor> first = (queued.first() != null) ? queued.first() : List.of();
		Html more = (queued.sessions() > first.size() && !first.isEmpty())
				? Html.of("<li>and %s more</li>", queued.sessions() - first.size()) : Html.NOTHING;
		return Html.of(QUEUE, Html.of("%s%s", count, longest),
				Html.of("<ul>%s%s</ul>", Html.forEach(first, LockQueueView::session), more));
	}

	private static Html session(QueuedSessionDescriptor session) {
		return Html.of("<li><span class=\"pid\">pid %s</span> %s %s wants %s%s</li>", session.pid(),
				(session.user() != null) ? session.user() : "",
				(session.applicationName() != null) ? session.applicationName() : "", session.waitingFor(),
				Html.ifPresent(session.waitedFor(), (wait) -> Html.of(" for %s", ReadableTime.duration(wait))));
	}

	static String words(BlockerKind kind) {
		return switch (kind) {
			case IDLE_IN_TRANSACTION -> "Idle in transaction";
			case LONG_TRANSACTION -> "Transaction at work";
			case BACKUP -> "Backup";
			case AUTOVACUUM -> "Autovacuum";
			case ANTI_WRAPAROUND_VACUUM -> "Autovacuum against wraparound";
			case PREPARED_TRANSACTION -> "Prepared transaction";
			case INDEX_BUILD -> "Index build";
			case MIGRATION -> "Another migration";
			case SYNC_REPLICATION -> "Synchronous standby";
			case UNKNOWN -> "Unknown";
		};
	}

}
