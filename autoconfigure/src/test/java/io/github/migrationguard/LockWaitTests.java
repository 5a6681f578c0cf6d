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

package io.github.migrationguard;

import java.time.Duration;
import java.time.Instant;

import io.github.migrationguard.lock.Activity;
import io.github.migrationguard.lock.HistoryFingerprint;
import io.github.migrationguard.lock.LockParticipant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LockWait}.
 *
 * @author Migration Guard
 */
class LockWaitTests {

	@Test
	void isOverWhenHolderDoesNothing() {
		LockWait wait = new LockWait(Duration.ZERO);
		wait.seen(holder(1, Activity.IDLE), HistoryFingerprint.EMPTY);
		assertThat(wait.isOver()).isTrue();
	}

	@Test
	void deadlineMovesWithEverySignOfLife() {
		LockWait wait = new LockWait(Duration.ofHours(1));
		wait.seen(holder(1, Activity.IDLE), HistoryFingerprint.EMPTY);
		assertThat(moves(wait, holder(1, Activity.IDLE), HistoryFingerprint.EMPTY)).isFalse();
		assertThat(moves(wait, holder(1, Activity.WORKING), HistoryFingerprint.EMPTY)).isTrue();
		assertThat(moves(wait, holder(1, Activity.BLOCKED), HistoryFingerprint.EMPTY)).isTrue();
		assertThat(moves(wait, holder(2, Activity.IDLE), HistoryFingerprint.EMPTY)).isTrue();
		assertThat(moves(wait, holder(2, Activity.IDLE), new HistoryFingerprint(1, "1"))).isTrue();
		assertThat(wait.isOver()).isFalse();
	}

	@Test
	@Tag("security:S41")
	void whateverStrangerDoesIsNoSignOfLife() {
		LockWait wait = new LockWait(Duration.ofHours(1));
		wait.seen(stranger(1, Activity.IDLE), HistoryFingerprint.EMPTY);
		assertThat(moves(wait, stranger(1, Activity.WORKING), HistoryFingerprint.EMPTY)).isFalse();
		assertThat(moves(wait, stranger(1, Activity.BLOCKED), HistoryFingerprint.EMPTY)).isFalse();
		assertThat(moves(wait, stranger(2, Activity.IDLE), HistoryFingerprint.EMPTY)).isFalse();
		assertThat(moves(wait, null, HistoryFingerprint.EMPTY)).isFalse();
		assertThat(moves(wait, stranger(2, Activity.IDLE), new HistoryFingerprint(1, "1"))).isTrue();
	}

	private static boolean moves(LockWait wait, @Nullable LockParticipant holder, HistoryFingerprint history) {
		long before = wait.lastSignOfLife();
		wait.seen(holder, history);
		return wait.lastSignOfLife() != before;
	}

	private static LockParticipant holder(int pid, Activity activity) {
		return new LockParticipant(pid, "a", "orders", null, Instant.EPOCH, activity, null, null, null, true);
	}

	private static LockParticipant stranger(int pid, Activity activity) {
		return new LockParticipant(pid, null, "orders", null, null, activity, null, null, null, false);
	}

}
