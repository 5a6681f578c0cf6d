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

import org.jspecify.annotations.Nullable;

/**
 * Remembers that the migrations have failed or were stopped, until they are to be tried
 * again: whoever asks for them later gets the same failure, so that code that swallows it
 * does not make a failed start succeed, and nothing is run twice.
 *
 * @author Migration Guard
 */
final class RememberedFailure {

	private @Nullable RuntimeException failure;

	private int waiting;

	private int retries;

	private boolean stopped;

	synchronized void remember(RuntimeException failure) {
		this.failure = failure;
	}

	synchronized void rethrow() {
		if (this.failure != null) {
			throw this.failure;
		}
	}

	/**
	 * Wait until the migrations are to be tried again or the application is stopped.
	 * Several threads may wait: one retry is for all of them.
	 * @return whether they are to be tried again
	 */
	synchronized boolean awaitRetry() throws InterruptedException {
		int before = this.retries;
		this.waiting++;
		try {
			while (!this.stopped && this.retries == before) {
				wait();
			}
			return !this.stopped;
		}
		finally {
			this.waiting--;
		}
	}

	synchronized int waiting() {
		return this.waiting;
	}

	/**
	 * Forget the failure and wake up who waits for that.
	 * @param preparation what is done before
	 * @return {@code false} if nothing has failed or nobody waits
	 */
	synchronized boolean retry(Runnable preparation) {
		if (this.failure == null || this.waiting == 0 || this.stopped) {
			return false;
		}
		preparation.run();
		this.failure = null;
		this.retries++;
		notifyAll();
		return true;
	}

	/**
	 * Nothing is tried again from now on.
	 */
	synchronized void stop() {
		this.stopped = true;
		notifyAll();
	}

}
