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
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationState;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ClusterDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedBehindDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the first question of whoever looks at a migration: is it stuck or does
 * it work, and if it is stuck, who is in the way.
 *
 * @author Migration Guard
 */
class Summary {

	private final MigrationState state;

	private final @Nullable ParticipantDescriptor holder;

	private final List<BlockerDescriptor> blockers;

	private final int queued;

	private final @Nullable ClusterDescriptor cluster;

	Summary(MigrationState state, @Nullable LockDescriptor lock, @Nullable List<BlockerDescriptor> blockers,
			@Nullable QueuedBehindDescriptor queued, @Nullable ClusterDescriptor cluster) {
		this.state = state;
		this.holder = (lock != null) ? lock.holder() : null;
		this.blockers = (blockers != null) ? blockers : List.of();
		this.queued = (queued != null) ? queued.sessions() : 0;
		this.cluster = cluster;
	}

	@Override
	public String toString() {
		return switch (this.state) {
			case FAILED -> "The migration has failed.";
			case ABORTED -> "The application was stopped before the migration was done.";
			case WAITING_FOR_CHANGELOG_LOCK -> "Waits for the lock of somebody who is not guarded.";
			case UNGUARDED -> "Runs without a guard. Nobody else waits for it.";
			default -> ofDatabase();
		};
	}

	private String ofDatabase() {
		if (this.cluster != null) {
			return "The database cannot be asked: %s".formatted(this.cluster.unavailable());
		}
		if (!this.blockers.isEmpty()) {
			return blocked();
		}
		if (this.holder != null) {
			return ofHolder(this.holder.activity());
		}
		return this.state.isDone() ? "Done. Nobody migrates." : "Nobody holds the lock at this moment.";
	}

	private String blocked() {
		if (this.blockers.stream().allMatch((blocker) -> blocker.kind() == BlockerKind.SYNC_REPLICATION)) {
			return "The commit waits for a synchronous standby%s.".formatted(stalls());
		}
		String direct = names(this.blockers.stream().filter(BlockerDescriptor::direct));
		String roots = names(this.blockers.stream().filter((blocker) -> blocker.root() && !blocker.direct()));
		String root = !roots.isEmpty() ? "; at the root is " + roots : "";
		if (this.state == MigrationState.BACKING_OFF
				|| (this.holder != null && this.holder.activity() == Activity.BACKING_OFF)) {
			return "Tries again when %s is out of the way%s. Nobody waits behind it.".formatted(direct, root);
		}
		return "Blocked by %s%s%s.".formatted(direct, stalls(), root);
	}

	private static String names(Stream<BlockerDescriptor> blockers) {
		return blockers.map(Summary::name).collect(Collectors.joining(", "));
	}

	private static String name(BlockerDescriptor blocker) {
		String kind = words(blocker.kind());
		return (blocker.pid() != null) ? "pid %s (%s)".formatted(blocker.pid(), kind) : kind;
	}

	private static String words(BlockerKind kind) {
		return switch (kind) {
			case IDLE_IN_TRANSACTION -> "idle in transaction";
			case LONG_TRANSACTION -> "transaction at work";
			case BACKUP -> "backup";
			case AUTOVACUUM -> "autovacuum";
			case ANTI_WRAPAROUND_VACUUM -> "autovacuum against wraparound";
			case PREPARED_TRANSACTION -> "a prepared transaction";
			case INDEX_BUILD -> "index build";
			case MIGRATION -> "another migration";
			case SYNC_REPLICATION -> "a synchronous standby";
			case UNKNOWN -> "unknown";
		};
	}

	private String ofHolder(@Nullable Activity activity) {
		if (activity == Activity.BLOCKED) {
			return "Blocked. By whom is not known at this moment%s.".formatted(stalls());
		}
		if (activity == Activity.BACKING_OFF) {
			return "Has given way, and tries again when it can. Nobody waits behind it.";
		}
		return ((activity == Activity.WORKING) ? "Working. Leave it alone%s." : "Executes nothing at this moment%s.")
			.formatted(stalls());
	}

	private String stalls() {
		return switch (this.queued) {
			case 0 -> "";
			case 1 -> ", and 1 session waits behind it";
			default -> ", and %s sessions wait behind it".formatted(this.queued);
		};
	}

}
