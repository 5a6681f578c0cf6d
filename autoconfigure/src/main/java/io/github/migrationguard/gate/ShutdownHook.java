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

package io.github.migrationguard.gate;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.migrationguard.MigrationGuard;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Hears that the JVM is to end while migrations run. Spring's own hook cannot: it waits
 * for the thread that starts the application, which runs the migrations.
 * <p>
 * Code of the user that does not return, whatever is done, would keep the JVM alive
 * without end: it is halted then, without closing the context.
 *
 * @author Migration Guard
 */
final class ShutdownHook {

	/**
	 * How long the starting thread may take to leave after the run ended.
	 */
	private static final int LEAVE_SECONDS = 1;

	/**
	 * The exit code of a process that SIGTERM has ended.
	 */
	private static final int TERMINATED = 143;

	private static final Log logger = LogFactory.getLog(ShutdownHook.class);

	private final MigrationGuard guard;

	private final Thread caller = Thread.currentThread();

	private final CountDownLatch left = new CountDownLatch(1);

	private final Thread thread = new Thread(this::stop, "migration-guard-shutdown");

	ShutdownHook(MigrationGuard guard) {
		this.guard = guard;
		try {
			Runtime.getRuntime().addShutdownHook(this.thread);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending already
			guard.stop();
		}
	}

	private void stop() {
		if (isEndedByCaller()) {
			return;
		}
		if (!this.guard.stop()) {
			logger.error("The migrations do not end, because of code that does not return: the JVM is halted");
			Runtime.getRuntime().halt(TERMINATED);
		}
		try {
			this.left.await(LEAVE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A migration that ends the JVM itself waits for this hook and never returns.
	 */
	private boolean isEndedByCaller() {
		return Stream.of(this.caller.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals("java.lang.Shutdown"));
	}

	void close() {
		this.left.countDown();
		try {
			Runtime.getRuntime().removeShutdownHook(this.thread);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending already, though the hook may not have run yet
			this.guard.stop();
		}
	}

}
