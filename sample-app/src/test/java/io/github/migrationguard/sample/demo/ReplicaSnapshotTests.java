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

package io.github.migrationguard.sample.demo;

import io.github.migrationguard.sample.demo.MigrationsStatus.Migration;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReplicaSnapshot}.
 *
 * @author Migration Guard
 */
class ReplicaSnapshotTests {

	@Test
	void replicaThatSaysNothingIsStartingUntilItIsReady() {
		assertThat(Snapshots.starting().state()).isEqualTo("STARTING");
		assertThat(Snapshots.starting().answered(503, null).state()).isEqualTo("STARTING");
		assertThat(Snapshots.starting().answered(200, null).state()).isEqualTo("STARTED");
	}

	@Test
	void endedReplicaIsNotReadyWhateverItSaidLast() {
		ReplicaSnapshot ended = Snapshots.ready().exited(143);
		assertThat(ended.state()).isEqualTo("EXITED 143");
		assertThat(ended.ready()).isFalse();
		assertThat(ended.exited()).isTrue();
	}

	@Test
	void holdingTheLockIsNotApplying() {
		ReplicaSnapshot holding = Snapshots.starting()
			.answered(503, new Migration("MIGRATING", null, new Progress(12, 0, null, null, null), null, null));
		assertThat(holding.applying()).isFalse();
		assertThat(Snapshots.migrating().applying()).isTrue();
	}

}
