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
import java.util.List;
import java.util.Objects;

import io.github.migrationguard.Attempt;
import io.github.migrationguard.ClusterSample;
import io.github.migrationguard.MigrationState;
import io.github.migrationguard.MigrationStatus;
import io.github.migrationguard.actuate.MigrationDescriptor.AttemptDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.InvalidIndexDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedBehindDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedSessionDescriptor;
import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.InvalidIndex;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * Describes what the statements of a migration meet: who is in their way and in whose way
 * they are.
 *
 * @author Migration Guard
 */
class DdlDescriber {

	private final Queries queries;

	DdlDescriber(Queries queries) {
		this.queries = queries;
	}

	@Nullable List<BlockerDescriptor> blockers(@Nullable SessionSample holder) {
		return (holder != null) ? holder.blockers().stream().map(this::blocker).toList() : null;
	}

	private BlockerDescriptor blocker(Blocker blocker) {
		String hidden = (blocker.hiddenFrom() != null) ? MigrationDescriber.HIDDEN.formatted(blocker.hiddenFrom())
				: null;
		return new BlockerDescriptor(blocker.pid(), blocker.kind(), blocker.direct(), blocker.root(), blocker.user(),
				blocker.applicationName(), blocker.clientAddress(), blocker.state(), millis(blocker.transactionAge()),
				blocker.holds(), blocker.waitingFor(), this.queries.of(blocker), blocker.advice(), blocker.remedy(),
				hidden);
	}

	@Nullable QueuedBehindDescriptor queuedBehind(@Nullable SessionSample holder) {
		if (holder == null) {
			return null;
		}
		QueuedSessions queued = holder.queuedBehind();
		List<QueuedSessionDescriptor> first = queued.first().stream().map(DdlDescriber::session).toList();
		return new QueuedBehindDescriptor(queued.count(), millis(queued.longestWait()),
				!first.isEmpty() ? first : null);
	}

	private static QueuedSessionDescriptor session(QueuedSessions.Session session) {
		return new QueuedSessionDescriptor(session.pid(), session.user(), session.applicationName(),
				session.waitingFor(), millis(session.waitedFor()));
	}

	@Nullable List<AttemptDescriptor> attempts(MigrationStatus.Ddl ddl) {
		List<AttemptDescriptor> attempts = ddl.attempts().stream().map(DdlDescriber::attempt).toList();
		return !attempts.isEmpty() ? attempts : null;
	}

	private static AttemptDescriptor attempt(Attempt attempt) {
		return new AttemptDescriptor(attempt.number(), attempt.startedAt(), millis(attempt.took()), attempt.outcome(),
				attempt.unit(), attempt.maxStall(),
				attempt.blockers().stream().map(Blocker::pid).filter(Objects::nonNull).toList());
	}

	/**
	 * An instance that migrates has looked last, as it is the one that changes something.
	 * An index that is being built is as invalid as it has to be.
	 */
	@Nullable List<InvalidIndexDescriptor> invalidIndexes(MigrationStatus status, @Nullable ClusterSample sample) {
		List<InvalidIndex> own = status.ddl().invalidIndexes();
		boolean migrates = status.state() == MigrationState.MIGRATING || status.state() == MigrationState.BACKING_OFF;
		List<InvalidIndex> indexes = (sample == null || (migrates && !own.isEmpty())) ? own : sample.invalidIndexes();
		if (indexes == null || (sample == null && own.isEmpty())) {
			return null;
		}
		return indexes.stream()
			.filter((index) -> !index.beingBuilt())
			.map((index) -> new InvalidIndexDescriptor(index.name(), index.table(), index.definition(), index.remedy()))
			.toList();
	}

	static @Nullable Duration millis(@Nullable Duration duration) {
		return (duration != null) ? Duration.ofMillis(duration.toMillis()) : null;
	}

}
