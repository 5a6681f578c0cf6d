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

import io.github.migrationguard.MigrationState;
import io.github.migrationguard.actuate.MigrationDescriptor.BlockerDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ClusterDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.LockDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.ParticipantDescriptor;
import io.github.migrationguard.actuate.MigrationDescriptor.QueuedBehindDescriptor;
import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.watch.BlockerKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Summary}.
 *
 * @author Migration Guard
 */
class SummaryTests {

	@Test
	void namesWhoIsInTheWayWhoWaitsAndTheRoot() {
		List<BlockerDescriptor> blockers = List.of(blocker(20, true, false), blocker(30, false, false),
				blocker(10, false, true));
		assertThat(summary(MigrationState.MIGRATING, Activity.BLOCKED, blockers, 3))
			.isEqualTo("Blocked by pid 20 (idle in transaction), and 3 sessions wait behind it;"
					+ " at the root is pid 10 (idle in transaction).");
		assertThat(summary(MigrationState.MIGRATING, Activity.BLOCKED,
				List.of(blocker(1, true, true), blocker(2, true, true)), 1))
			.isEqualTo("Blocked by pid 1 (idle in transaction), pid 2 (idle in transaction),"
					+ " and 1 session waits behind it.");
	}

	@Test
	void nobodyWaitsBehindMigrationThatBacksOff() {
		List<BlockerDescriptor> blockers = List.of(blocker(1, true, true));
		String expected = "Tries again when pid 1 (idle in transaction) is out of the way. Nobody waits behind it.";
		assertThat(summary(MigrationState.BACKING_OFF, null, blockers, 0)).isEqualTo(expected);
		assertThat(summary(MigrationState.WAITING, Activity.BACKING_OFF, blockers, 0)).isEqualTo(expected);
	}

	@Test
	void commitThatWaitsForStandbyIsNotBlockedByAnybody() {
		BlockerDescriptor standby = new BlockerDescriptor(null, BlockerKind.SYNC_REPLICATION, true, true, null, null,
				null, null, null, null, null, null, "advice", null, null);
		assertThat(summary(MigrationState.MIGRATING, Activity.BLOCKED, List.of(standby), 0))
			.isEqualTo("The commit waits for a synchronous standby.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			BLOCKED | Blocked. By whom is not known at this moment, and 2 sessions wait behind it.
			BACKING_OFF | Has given way, and tries again when it can. Nobody waits behind it.
			WORKING | Working. Leave it alone, and 2 sessions wait behind it.
			IDLE | Executes nothing at this moment, and 2 sessions wait behind it.""")
	void tellsWhatTheHolderDoes(Activity activity, String expected) {
		assertThat(summary(MigrationState.WAITING, activity, List.of(), 2)).isEqualTo(expected);
	}

	@Test
	void tellsWhenTheDatabaseCannotBeAsked() {
		assertThat(new Summary(MigrationState.MIGRATING, null, null, null, new ClusterDescriptor("Connection refused")))
			.hasToString("The database cannot be asked: Connection refused");
	}

	@ParameterizedTest
	@EnumSource
	void everyStateHasOne(MigrationState state) {
		assertThat(summary(state, null, List.of(), 0)).isNotEmpty();
	}

	private static String summary(MigrationState state, @Nullable Activity activity, List<BlockerDescriptor> blockers,
			int queued) {
		ParticipantDescriptor holder = (activity != null)
				? new ParticipantDescriptor(1, "orders-1", null, null, null, activity, null, null) : null;
		return new Summary(state, new LockDescriptor(List.of(1, 2), "lock", null, null, null, null, holder, null),
				blockers, new QueuedBehindDescriptor(queued, null, null), null)
			.toString();
	}

	private static BlockerDescriptor blocker(int pid, boolean direct, boolean root) {
		return new BlockerDescriptor(pid, BlockerKind.IDLE_IN_TRANSACTION, direct, root, "analyst", "psql", null, null,
				null, null, null, null, "Ask its owner", null, null);
	}

}
