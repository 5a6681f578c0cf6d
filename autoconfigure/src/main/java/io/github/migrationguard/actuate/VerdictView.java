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
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the first question of whoever opens the page: is it stuck or does it
 * work, and if it is stuck, who is in the way.
 *
 * @author Migration Guard
 */
class VerdictView {

	private final MigrationDescriptor migration;

	VerdictView(MigrationDescriptor migration) {
		this.migration = migration;
	}

	Html render() {
		return switch (this.migration.state()) {
			case FAILED -> verdict("bad", Html.of("The migration has failed."));
			case ABORTED -> verdict("bad", Html.of("The application was stopped before the migration was done."));
			case WAITING_FOR_CHANGELOG_LOCK ->
				verdict("warn", Html.of("Waits for the lock of somebody who is not guarded."));
			case UNGUARDED -> verdict("warn", Html.of("Runs without a guard. Nobody else waits for it."));
			default -> ofDatabase();
		};
	}

	private Html ofDatabase() {
		ParticipantDescriptor holder = (this.migration.lock() != null) ? this.migration.lock().holder() : null;
		if (this.migration.cluster() != null) {
			return verdict("warn", Html.of("The database cannot be asked: %s", this.migration.cluster().unavailable()));
		}
		if (this.migration.blockers() != null && !this.migration.blockers().isEmpty()) {
			return blocked(this.migration.blockers());
		}
		if (holder != null) {
			return ofHolder(holder.activity());
		}
		return this.migration.state().isDone() ? verdict("good", Html.of("Done. Nobody migrates."))
				: verdict("busy", Html.of("Nobody holds the lock at this moment."));
	}

	private Html blocked(List<BlockerDescriptor> blockers) {
		if (blockers.stream().allMatch((blocker) -> blocker.kind() == BlockerKind.SYNC_REPLICATION)) {
			return verdict("warn", Html.of("The commit waits for a synchronous standby%s.", stalls()));
		}
		String direct = names(blockers.stream().filter(BlockerDescriptor::direct));
		String roots = names(blockers.stream().filter((blocker) -> blocker.root() && !blocker.direct()));
		Html root = !roots.isEmpty() ? Html.of("; at the root is <strong>%s</strong>", roots) : Html.NOTHING;
		if (this.migration.state() == MigrationState.BACKING_OFF || activity() == Activity.BACKING_OFF) {
			return verdict("warn", Html
				.of("Tries again when <strong>%s</strong> is out of the way%s. Nobody waits behind it.", direct, root));
		}
		return verdict("bad", Html.of("Blocked by <strong>%s</strong>%s%s.", direct, stalls(), root));
	}

	private @Nullable Activity activity() {
		ParticipantDescriptor holder = (this.migration.lock() != null) ? this.migration.lock().holder() : null;
		return (holder != null) ? holder.activity() : null;
	}

	private static String names(Stream<BlockerDescriptor> blockers) {
		return blockers.map(VerdictView::name).collect(Collectors.joining(", "));
	}

	private static String name(BlockerDescriptor blocker) {
		String kind = LockQueueView.words(blocker.kind());
		return (blocker.pid() != null) ? "pid %s (%s)".formatted(blocker.pid(), kind) : kind;
	}

	private Html ofHolder(@Nullable Activity activity) {
		if (activity == Activity.BLOCKED) {
			return verdict("bad", Html.of("Blocked. By whom is not known at this moment%s.", stalls()));
		}
		if (activity == Activity.BACKING_OFF) {
			return verdict("warn", Html.of("Has given way, and tries again when it can. Nobody waits behind it."));
		}
		if (activity == Activity.WORKING) {
			return verdict("good", Html.of("Working. Leave it alone%s.", stalls()));
		}
		return verdict("busy", Html.of("Executes nothing at this moment%s.", stalls()));
	}

	private Html stalls() {
		int sessions = (this.migration.queuedBehind() != null) ? this.migration.queuedBehind().sessions() : 0;
		return switch (sessions) {
			case 0 -> Html.NOTHING;
			case 1 -> Html.of(", and 1 session waits behind it");
			default -> Html.of(", and %s sessions wait behind it", sessions);
		};
	}

	private static Html verdict(String tone, Html text) {
		return Html.of("<p class=\"verdict %s\">%s</p>", tone, text);
	}

}
