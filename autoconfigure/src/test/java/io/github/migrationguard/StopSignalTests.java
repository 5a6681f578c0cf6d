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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrationguard.testsupport.Awaiting;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StopSignal}.
 *
 * @author Migration Guard
 */
class StopSignalTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final StopSignal signal = new StopSignal();

	private final AtomicInteger prepared = new AtomicInteger();

	@Test
	void nobodyIsWokenUpWhoDoesNotWait() {
		assertThat(this.signal.retry(this.prepared::incrementAndGet)).isFalse();
		assertThat(this.prepared).hasValue(0);
		CompletableFuture<Boolean> waiting = awaitRetry();
		assertThat(waiting).isNotDone();
		awaitRetryAccepted();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(true);
	}

	@Test
	void oneRetryIsForAllWhoWait() {
		CompletableFuture<Boolean> first = awaitRetry();
		CompletableFuture<Boolean> second = awaitRetry();
		Awaiting.await("two who wait").until(() -> this.signal.awaitingRetry() == 2);
		awaitRetryAccepted();
		assertThat(first).succeedsWithin(LONG).isEqualTo(true);
		assertThat(second).succeedsWithin(LONG).isEqualTo(true);
		assertThat(this.signal.retry(this.prepared::incrementAndGet)).isFalse();
	}

	@Test
	void nothingIsTriedAgainWhileTheWorkerIsAtWork() {
		CompletableFuture<Boolean> waiting = awaitRetry();
		Awaiting.await("one who waits").until(() -> this.signal.awaitingRetry() == 1);
		this.signal.workerStarts(new Thread());
		assertThat(this.signal.retry(this.prepared::incrementAndGet)).isFalse();
		this.signal.workerEnds();
		awaitRetryAccepted();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(true);
	}

	@Test
	void stopBeatsRetry() {
		CompletableFuture<Boolean> waiting = awaitRetry();
		Awaiting.await("one who waits").until(() -> this.signal.awaitingRetry() == 1);
		this.signal.stop(Duration.ZERO);
		assertThat(this.signal.retry(this.prepared::incrementAndGet)).isFalse();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(false);
	}

	private CompletableFuture<Boolean> awaitRetry() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.signal.awaitRetry();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task).start());
	}

	private void awaitRetryAccepted() {
		Awaiting.await("accepted").until(() -> this.signal.retry(this.prepared::incrementAndGet));
		assertThat(this.prepared).hasValue(1);
	}

}
