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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RememberedFailure}.
 *
 * @author Migration Guard
 */
class RememberedFailureTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final RememberedFailure failure = new RememberedFailure();

	private final AtomicInteger prepared = new AtomicInteger();

	@Test
	void isThrownAgainUntilItIsRetried() {
		IllegalStateException failure = new IllegalStateException();
		this.failure.rethrow();
		this.failure.remember(failure);
		assertThatIllegalStateException().isThrownBy(this.failure::rethrow).isSameAs(failure);
		assertThatIllegalStateException().isThrownBy(this.failure::rethrow).isSameAs(failure);
		CompletableFuture<Boolean> waiting = awaitRetry();
		awaitRetryAccepted();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(true);
		this.failure.rethrow();
	}

	@Test
	void nobodyIsWokenUpWhoDoesNotWait() {
		this.failure.remember(new IllegalStateException());
		assertThat(this.failure.retry(this.prepared::incrementAndGet)).isFalse();
		assertThat(this.prepared).hasValue(0);
		CompletableFuture<Boolean> waiting = awaitRetry();
		assertThat(waiting).isNotDone();
		awaitRetryAccepted();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(true);
	}

	@Test
	void oneRetryIsForAllWhoWait() {
		this.failure.remember(new IllegalStateException());
		CompletableFuture<Boolean> first = awaitRetry();
		CompletableFuture<Boolean> second = awaitRetry();
		Awaiting.await("two who wait").until(() -> this.failure.waiting() == 2);
		awaitRetryAccepted();
		assertThat(first).succeedsWithin(LONG).isEqualTo(true);
		assertThat(second).succeedsWithin(LONG).isEqualTo(true);
		assertThat(this.failure.retry(this.prepared::incrementAndGet)).isFalse();
	}

	@Test
	void nothingIsTriedAgainThatHasNotFailed() {
		CompletableFuture<Boolean> waiting = awaitRetry();
		Awaiting.await("one who waits").until(() -> this.failure.waiting() == 1);
		assertThat(this.failure.retry(this.prepared::incrementAndGet)).isFalse();
		this.failure.remember(new IllegalStateException());
		awaitRetryAccepted();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(true);
	}

	@Test
	void stopBeatsRetry() {
		CompletableFuture<Boolean> waiting = awaitRetry();
		Awaiting.await("one who waits").until(() -> this.failure.waiting() == 1);
		this.failure.remember(new IllegalStateException());
		this.failure.stop();
		assertThat(this.failure.retry(this.prepared::incrementAndGet)).isFalse();
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(false);
	}

	private CompletableFuture<Boolean> awaitRetry() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.failure.awaitRetry();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task).start());
	}

	private void awaitRetryAccepted() {
		Awaiting.await("accepted").until(() -> this.failure.retry(this.prepared::incrementAndGet));
		assertThat(this.prepared).hasValue(1);
	}

}
