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

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import io.github.migrationguard.testsupport.Awaiting;
import io.github.migrationguard.testsupport.Settings;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.function.ThrowingConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link MigrationGuard}: which thread runs the migrations, and what the others
 * get.
 *
 * @author Migration Guard
 */
class MigrationGuardTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final List<Thread> runners = Collections.synchronizedList(new ArrayList<>());

	private final Lock jvmLock = new ReentrantLock();

	private final CountDownLatch running = new CountDownLatch(1);

	private final CountDownLatch mayEnd = new CountDownLatch(1);

	@Test
	void callingThreadRunsAndOneThatCallsMeanwhileWaitsForIt() {
		MigrationGuard guard = guard((migration) -> awaitTest());
		Call first = new Call(guard);
		awaitRunning();
		Call second = new Call(guard);
		second.awaitWaiting();
		assertThat(guard.isRunnerWaiting()).isTrue();
		this.mayEnd.countDown();
		assertThat(first.outcome).succeedsWithin(LONG).isNull();
		assertThat(second.outcome).succeedsWithin(LONG).isNull();
		assertThat(this.runners).containsExactly(first.thread);
		assertThat(guard.isRunnerWaiting()).isFalse();
	}

	@Test
	void failureIsThrownAgainAndNothingIsRunTwice() {
		MigrationGuard guard = guard((migration) -> {
			awaitTest();
			throw new IllegalStateException("broken");
		});
		Call first = new Call(guard);
		awaitRunning();
		Call second = new Call(guard);
		second.awaitWaiting();
		this.mayEnd.countDown();
		Throwable failure = first.outcome.join();
		assertThat(failure).isInstanceOf(MigrationFailedException.class).hasRootCauseMessage("broken");
		assertThat(second.outcome).succeedsWithin(LONG).isSameAs(failure);
		assertThat(catchThrowable(guard::migrate)).isSameAs(failure);
		assertThat(this.runners).containsExactly(first.thread);
	}

	@Test
	void retryRunsAgainWhatHasFailed() {
		MigrationGuard guard = guard((migration) -> {
			if (this.runners.size() == 1) {
				throw new IllegalStateException("broken");
			}
		});
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(guard::migrate);
		CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> awaitRetry(guard));
		Awaiting.await("retry accepted").until(guard::retry);
		assertThat(waiting).succeedsWithin(LONG).isEqualTo(true);
		guard.migrate();
		assertThat(this.runners).hasSize(2);
		assertThat(guard.isDone()).isTrue();
	}

	@Test
	void callFromMigrationReturnsAtOnce() {
		List<Boolean> runner = new ArrayList<>();
		MigrationGuard guard = guard((migration) -> {
			migration.guard().migrate();
			runner.add(migration.guard().isRunner());
		});
		guard.migrate();
		assertThat(this.runners).containsExactly(Thread.currentThread());
		assertThat(runner).containsExactly(true);
		assertThat(guard.isRunner()).isFalse();
	}

	@Test
	void interruptedWaiterLeavesAndTheRunGoesOn() {
		MigrationGuard guard = guard((migration) -> awaitTest());
		Call first = new Call(guard);
		awaitRunning();
		Call second = new Call(guard);
		second.awaitWaiting();
		second.thread.interrupt();
		assertThat(second.outcome).succeedsWithin(LONG).isInstanceOf(MigrationStoppedException.class);
		assertThat(second.leftInterrupted).isTrue();
		this.mayEnd.countDown();
		assertThat(first.outcome).succeedsWithin(LONG).isNull();
		guard.migrate();
	}

	@Test
	void stopIsRemembered() {
		MigrationGuard guard = guard((migration) -> awaitTest());
		Call first = new Call(guard);
		awaitRunning();
		CompletableFuture<Boolean> stop = CompletableFuture.supplyAsync(guard::stop);
		assertThat(awaitRetry(guard)).as("a retry after the stop").isFalse();
		this.mayEnd.countDown();
		assertThat(stop).succeedsWithin(LONG).isEqualTo(true);
		assertThat(first.outcome).succeedsWithin(LONG).isInstanceOf(MigrationStoppedException.class);
		assertThat(catchThrowable(guard::migrate)).isSameAs(first.outcome.join());
		assertThat(this.runners).hasSize(1);
	}

	@Test
	void stopOfOneApplicationLeavesAnotherOneRunning() {
		MigrationGuard guard = guard((migration) -> awaitTest());
		MigrationGuard other = guard((migration) -> awaitTest());
		Call running = new Call(guard);
		awaitRunning();
		Call stopped = new Call(other);
		stopped.awaitWaiting();
		assertThat(other.stop()).isTrue();
		assertThat(stopped.outcome).succeedsWithin(LONG).isInstanceOf(MigrationStoppedException.class);
		this.mayEnd.countDown();
		assertThat(running.outcome).succeedsWithin(LONG).isNull();
		assertThat(this.runners).containsExactly(running.thread);
	}

	@Test
	void codeThatDoesNotReturnIsInterruptedOnceAndTheInterruptDoesNotStay() {
		MigrationGuard guard = guard(Duration.ZERO, (migration) -> {
			this.running.countDown();
			new CompletableFuture<>().get();
		});
		Call call = new Call(guard);
		awaitRunning();
		assertThat(guard.stop()).isTrue();
		assertThat(call.outcome).succeedsWithin(LONG).isInstanceOf(MigrationStoppedException.class);
		assertThat(call.leftInterrupted).isFalse();
	}

	@Test
	void interruptOfSomebodyElseStaysSet() {
		MigrationGuard guard = guard((migration) -> Thread.currentThread().interrupt());
		Call call = new Call(guard);
		assertThat(call.outcome).succeedsWithin(LONG).isNull();
		assertThat(call.leftInterrupted).isTrue();
	}

	private void awaitRunning() {
		Awaiting.await("running").until(() -> this.running.getCount() == 0);
	}

	private void awaitTest() throws InterruptedException {
		this.running.countDown();
		this.mayEnd.await();
	}

	private static boolean awaitRetry(MigrationGuard guard) {
		try {
			return guard.awaitRetry();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private MigrationGuard guard(ThrowingConsumer<Migration> migration) {
		return guard(LONG, migration);
	}

	private MigrationGuard guard(Duration grace, ThrowingConsumer<Migration> migration) {
		MigrationGuard guard = new MigrationGuard(
				Settings.of("orders/pod-0", MigrationRole.MIGRATE, SchemaAhead.IGNORE, grace),
				ObservationRegistry.NOOP);
		guard.register(new Migration(guard, migration));
		return guard;
	}

	/**
	 * A thread that calls the guard.
	 */
	private static final class Call {

		private final CompletableFuture<Throwable> outcome = new CompletableFuture<>();

		private final Thread thread;

		private volatile boolean leftInterrupted;

		Call(MigrationGuard guard) {
			this.thread = new Thread(() -> {
				Throwable failure = catchThrowable(guard::migrate);
				this.leftInterrupted = Thread.interrupted();
				this.outcome.complete(failure);
			});
			this.thread.start();
		}

		void awaitWaiting() {
			Awaiting.await("waiting").until(() -> this.thread.getState() == Thread.State.WAITING);
		}

	}

	/**
	 * Runs code of a test where a migration tool runs that is switched off: without a
	 * database.
	 */
	private final class Migration implements Migrator {

		private final MigrationGuard guard;

		private final ThrowingConsumer<Migration> code;

		Migration(MigrationGuard guard, ThrowingConsumer<Migration> code) {
			this.guard = guard;
			this.code = code;
		}

		MigrationGuard guard() {
			return this.guard;
		}

		@Override
		public String getName() {
			return "liquibase";
		}

		@Override
		public String getTool() {
			return "liquibase";
		}

		@Override
		public DataSource getDataSource() {
			return new DriverManagerDataSource();
		}

		@Override
		public boolean isSwitchedOff() {
			return true;
		}

		@Override
		public void runUnguarded() throws Exception {
			MigrationGuardTests.this.runners.add(Thread.currentThread());
			this.code.acceptWithException(this);
		}

		@Override
		public Lock getJvmLock() {
			return MigrationGuardTests.this.jvmLock;
		}

		@Override
		public MigrationLook look(Connection connection) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void migrate(GuardedRun run) {
			throw new UnsupportedOperationException();
		}

	}

}
