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

package io.github.migrationguard.ddl;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.migrationguard.watch.Blocker;
import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.LockRequest;
import io.github.migrationguard.watch.QueuedSessions;
import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallGuard}.
 *
 * @author Migration Guard
 */
class StallGuardTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Blocker IDLE = blocker(1, "1/1", BlockerKind.IDLE_IN_TRANSACTION);

	private static final Blocker OTHER = blocker(2, "2/1", BlockerKind.LONG_TRANSACTION);

	private static final Blocker AUTOVACUUM = blocker(3, "3/1", BlockerKind.AUTOVACUUM);

	private final StallGuard guard = new StallGuard(Duration.ofMillis(500), Duration.ofSeconds(2));

	@Test
	void statementThatNobodyIsQueuedBehindMayWait() {
		assertThat(this.guard.remaining(statement(), sample(SECOND, null, IDLE))).isNull();
	}

	@Test
	void statementMayWaitUntilOthersAreQueuedForTooLong() {
		assertThat(this.guard.remaining(statement(), sample(SECOND, Duration.ofMillis(100), IDLE))).hasMillis(400);
		assertThat(this.guard.remaining(statement(), sample(SECOND, Duration.ofMillis(600), IDLE))).isNegative();
	}

	@Test
	void othersThatWaitedBeforeTheUnitWasStartedAreNotItsFault() {
		RunningStatement justStarted = new RunningStatement(1, System.nanoTime(), System.nanoTime(), true, false);
		assertThat(this.guard.remaining(justStarted, sample(SECOND, Duration.ofHours(1), IDLE))).isPositive();
	}

	@Test
	void statementThatDoesNotWaitIsLeftAlone() {
		SessionSample working = new SessionSample(Instant.now(), true, null, List.of(),
				new QueuedSessions(3, Duration.ofSeconds(10), List.of()), null);
		assertThat(this.guard.remaining(statement(), working)).isNull();
	}

	@Test
	void statementThatMustNotBeCutIsLeftAlone() {
		long start = System.nanoTime() - Duration.ofMinutes(1).toNanos();
		RunningStatement concurrent = new RunningStatement(1, start, start, false, true);
		assertThat(this.guard.remaining(concurrent, sample(SECOND, Duration.ofMinutes(1), IDLE))).isNull();
	}

	@Test
	void statementThatTheServerDoesNotLimitIsLimitedHere() {
		long start = System.nanoTime() - Duration.ofMinutes(1).toNanos();
		RunningStatement unlimited = new RunningStatement(1, start, start, true, true);
		assertThat(this.guard.remaining(unlimited, sample(Duration.ofMillis(1500), null, IDLE))).hasMillis(500);
		assertThat(this.guard.remaining(unlimited, sample(Duration.ofMillis(2500), null, IDLE))).isNegative();
	}

	@Test
	void allowanceGrowsUpToTheLockTimeoutWhileTheBlockersAreOthersEachTime() {
		this.guard.blocked(List.of(IDLE));
		assertThat(this.guard.maxStall()).hasMillis(500);
		this.guard.blocked(List.of(OTHER));
		assertThat(this.guard.maxStall()).hasMillis(1000);
		this.guard.blocked(List.of(IDLE));
		assertThat(this.guard.maxStall()).hasMillis(2000);
		this.guard.blocked(List.of(OTHER));
		assertThat(this.guard.maxStall()).hasMillis(2000);
	}

	@Test
	void allowanceDoesNotGrowBehindTheSameTransaction() {
		this.guard.blocked(List.of(IDLE, OTHER));
		this.guard.blocked(List.of(IDLE));
		assertThat(this.guard.maxStall()).hasMillis(500);
	}

	@Test
	void nextTransactionOfTheSameSessionIsAnotherBlocker() {
		this.guard.blocked(List.of(IDLE));
		this.guard.blocked(List.of(blocker(1, "1/2", BlockerKind.IDLE_IN_TRANSACTION)));
		assertThat(this.guard.maxStall()).hasMillis(1000);
	}

	@Test
	void allowanceOfEveryUnitBeginsAnew() {
		this.guard.blocked(List.of(IDLE));
		this.guard.blocked(List.of(OTHER));
		this.guard.unitStarts();
		assertThat(this.guard.maxStall()).hasMillis(500);
	}

	@Test
	void allowanceNeverExceedsTheLockTimeout() {
		assertThat(new StallGuard(Duration.ofSeconds(5), SECOND).maxStall()).isEqualTo(SECOND);
	}

	@Test
	void autovacuumIsGivenTheTimeAfterWhichTheServerCancelsItOnce() {
		this.guard.setDeadlockTimeout(SECOND);
		Duration stall = Duration.ofMillis(900);
		assertThat(this.guard.remaining(statement(), sample(stall, stall, AUTOVACUUM))).hasMillis(600);
		Duration tooLong = Duration.ofMillis(1600);
		assertThat(this.guard.remaining(statement(), sample(tooLong, tooLong, AUTOVACUUM))).isNegative();
		assertThat(this.guard.remaining(statement(), sample(stall, stall, AUTOVACUUM))).isNegative();
	}

	@Test
	void autovacuumThatIsNotAloneIsGivenNothing() {
		Duration stall = Duration.ofMillis(900);
		assertThat(this.guard.remaining(statement(), sample(stall, stall, AUTOVACUUM, IDLE))).isNegative();
	}

	@Test
	void lockTimeoutBehindAnAutovacuumExceedsTheDeadlockTimeout() {
		StallGuard impatient = new StallGuard(Duration.ofMillis(200), Duration.ofMillis(300));
		impatient.setDeadlockTimeout(SECOND);
		assertThat(impatient.lockTimeoutBehind(List.of(AUTOVACUUM))).hasMillis(1500);
		assertThat(impatient.lockTimeoutBehind(List.of(AUTOVACUUM, IDLE))).hasMillis(300);
		assertThat(this.guard.lockTimeoutBehind(List.of(AUTOVACUUM))).hasMillis(2000);
	}

	@Test
	void nextLookIsWhenTheTimeIsOver() {
		assertThat(this.guard.pause(Duration.ofMillis(120), SECOND)).hasMillis(120);
		assertThat(this.guard.pause(Duration.ofMillis(-1), SECOND)).isPositive();
		assertThat(this.guard.pause(null, SECOND)).hasMillis(500);
		assertThat(this.guard.pause(null, Duration.ofMillis(200))).hasMillis(200);
	}

	private static RunningStatement statement() {
		long start = System.nanoTime() - Duration.ofMinutes(1).toNanos();
		return new RunningStatement(1, start, start, true, false);
	}

	private static SessionSample sample(Duration waitedFor, @Nullable Duration stall, Blocker... blockers) {
		LockRequest.Target target = new LockRequest.Target("relation", "1", "2", null, null, null, null, null, null,
				null);
		QueuedSessions queued = (stall != null) ? new QueuedSessions(1, stall, List.of()) : QueuedSessions.NONE;
		return new SessionSample(Instant.now(), true,
				new LockRequest(target, "AccessExclusiveLock", "AccessExclusiveLock on orders", waitedFor),
				List.of(blockers), queued, null);
	}

	private static Blocker blocker(int pid, String transaction, BlockerKind kind) {
		return new Blocker(pid, transaction, kind, true, true, "orders", false, "psql", null, null, null, null, null,
				null, "advice", null, null);
	}

}
