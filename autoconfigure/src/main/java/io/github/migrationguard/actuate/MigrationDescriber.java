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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.MigrationRole;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.ToolLock;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ChangelogLockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ClusterDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.DatabaseDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ErrorDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ProgressDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedBehindDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.UnitDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.LockKey;
import io.github.migrationguard.lock.LockParticipant;
import io.github.migrationguard.lock.LockParticipants;
import io.github.migrationguard.watch.IndexBuild;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link MigrationDescriptor} of what this instance knows and what the database
 * showed.
 *
 * @author Migration Guard
 */
class MigrationDescriber {

	static final String HIDDEN = "The database hides what this session does: grant pg_monitor to %s";

	private static final String DATA_EXCEPTION = "22";

	private static final Pattern QUOTED = Pattern.compile("\".*\"");

	private final MigrationRole role;

	private final Queries queries;

	private final DdlDescriber ddl;

	private final Instant now;

	MigrationDescriber(MigrationRole role, Queries queries, Instant now) {
		this.role = role;
		this.queries = queries;
		this.ddl = new DdlDescriber(queries);
		this.now = now;
	}

	MigrationDescriptor describe(MigrationStatus status, @Nullable ClusterSample sample) {
		SessionSample holder = holder(status.ddl(), sample);
		LockDescriptor lock = lock(status, sample);
		List<BlockerDescriptor> blockers = this.ddl.blockers(holder);
		QueuedBehindDescriptor queuedBehind = this.ddl.queuedBehind(holder);
		ClusterDescriptor cluster = cluster(sample);
		Summary summary = new Summary(status.state(), lock, blockers, queuedBehind, cluster);
		return new MigrationDescriptor(status.tool(), this.role.name().toLowerCase(Locale.ROOT), status.state(),
				status.since(), summary.toString(), database(status.database()), lock, progress(status, holder),
				blockers, queuedBehind, this.ddl.attempts(status.ddl()), this.ddl.invalidIndexes(status, sample),
				unknownUnits(status.progress()), changelogLock(status.toolLock()), cluster, error(status.error()));
	}

	/**
	 * The instance that holds the lock watches its own session more closely than anybody
	 * else.
	 */
	private static @Nullable SessionSample holder(MigrationStatus.Ddl ddl, @Nullable ClusterSample sample) {
		SessionSample own = ddl.sample();
		return (own != null || sample == null) ? own : sample.holder();
	}

	private static @Nullable DatabaseDescriptor database(MigrationStatus.@Nullable Database database) {
		return (database != null) ? new DatabaseDescriptor(database.product(), database.url(), database.history())
				: null;
	}

	private @Nullable LockDescriptor lock(MigrationStatus status, @Nullable ClusterSample sample) {
		MigrationStatus.Lock lock = status.lock();
		if (lock == null) {
			return null;
		}
		LockKey key = lock.key();
		LockParticipants seen = (sample != null) ? sample.participants() : null;
		return new LockDescriptor(List.of(key.namespace(), key.hash()), key.name(), waitedFor(lock), lock.timeoutAt(),
				lock.acquiredAt(), (sample != null && seen != null) ? sample.sampledAt() : null,
				(seen != null) ? holder(seen, status.ddl().sample()) : null,
				(seen != null) ? seen.waiters().stream().map(MigrationDescriber::waiter).toList() : null);
	}

	private @Nullable Duration waitedFor(MigrationStatus.Lock lock) {
		Duration waitedFor = (lock.waitingSince() != null) ? Duration.between(lock.waitingSince(), this.now)
				: lock.waitedFor();
		return DdlDescriber.millis(waitedFor);
	}

	private @Nullable ParticipantDescriptor holder(LockParticipants seen, @Nullable SessionSample own) {
		LockParticipant holder = seen.holder();
		boolean blocked = own != null && !own.blockers().isEmpty() && holder != null
				&& holder.activity() != Activity.BACKING_OFF;
		return (holder != null) ? new ParticipantDescriptor(holder.pid(), holder.instance(), holder.user(),
				holder.clientAddress(), holder.since(), blocked ? Activity.BLOCKED : holder.activity(),
				this.queries.of(holder), hidden(holder)) : null;
	}

	/**
	 * A waiter executes nothing but the statement with which it waits.
	 */
	private static ParticipantDescriptor waiter(LockParticipant waiter) {
		return new ParticipantDescriptor(waiter.pid(), waiter.instance(), waiter.user(), waiter.clientAddress(),
				waiter.since(), null, null, hidden(waiter));
	}

	private static @Nullable String hidden(LockParticipant participant) {
		return (participant.hiddenFrom() != null) ? HIDDEN.formatted(participant.hiddenFrom()) : null;
	}

	private static @Nullable ProgressDescriptor progress(MigrationStatus status, @Nullable SessionSample holder) {
		MigrationStatus.Progress progress = status.progress();
		if (progress == null) {
			return null;
		}
		UnitDescriptor current = (progress.current() != null)
				? new UnitDescriptor(progress.current(), progress.currentStartedAt()) : null;
		IndexBuild build = (holder != null) ? holder.indexBuild() : null;
		return new ProgressDescriptor(progress.applied(), progress.pending(), progress.recurring(), current,
				(build != null) ? build.phase() : null, (build != null) ? build.percent() : null,
				(status.state() == MigrationState.WAITING) ? present(progress.pendingUnits()) : null);
	}

	private static @Nullable List<String> unknownUnits(MigrationStatus.@Nullable Progress progress) {
		return (progress != null) ? present(progress.unknownUnits()) : null;
	}

	private static @Nullable List<String> present(List<String> units) {
		return !units.isEmpty() ? units : null;
	}

	private static @Nullable ChangelogLockDescriptor changelogLock(@Nullable ToolLock lock) {
		return (lock != null) ? new ChangelogLockDescriptor(lock.table(), lock.lockedBy(), lock.since(), lock.remedy())
				: null;
	}

	private static @Nullable ClusterDescriptor cluster(@Nullable ClusterSample sample) {
		return (sample != null && sample.unavailable() != null) ? new ClusterDescriptor(sample.unavailable()) : null;
	}

	/**
	 * After its first line, a message of the database may quote the rows that it stumbled
	 * over. A data exception quotes a value in its first line.
	 */
	private @Nullable ErrorDescriptor error(MigrationStatus.@Nullable Failure failure) {
		if (failure == null) {
			return null;
		}
		String message = (this.queries != Queries.ALL) ? withoutValues(failure) : failure.message();
		return new ErrorDescriptor(message, failure.sqlState(), failure.unit());
	}

	private static String withoutValues(MigrationStatus.Failure failure) {
		String firstLine = failure.message().lines().findFirst().orElse("");
		boolean quotesValue = failure.sqlState() != null && failure.sqlState().startsWith(DATA_EXCEPTION);
		return quotesValue ? QUOTED.matcher(firstLine).replaceAll("\"?\"") : firstLine;
	}

}
