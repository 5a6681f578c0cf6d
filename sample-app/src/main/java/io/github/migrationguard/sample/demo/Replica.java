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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A replica of the service in a process of its own.
 *
 * @author Migration Guard
 */
class Replica {

	private static final int SECONDS_TO_STOP = 5;

	private final Path log;

	private final Process process;

	private final Instant startedAt = Instant.now();

	private volatile ReplicaSnapshot snapshot;

	private volatile boolean migrated;

	private final CompletableFuture<ReplicaOutcome> outcome = new CompletableFuture<>();

	Replica(String name, int port, Path log, ProcessBuilder command) throws IOException {
		this.log = log;
		this.snapshot = ReplicaSnapshot.started(name, port);
		this.process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

	/**
	 * Look at the replica once.
	 * @param probe what to look with
	 */
	void look(ReplicaProbe probe) {
		ReplicaSnapshot last = this.snapshot;
		ReplicaSnapshot next = this.process.isAlive() ? probe.look(last) : last.exited(this.process.exitValue());
		this.migrated |= next.applying();
		this.snapshot = next;
		if (next.ready()) {
			settle(next, Instant.now());
		}
		else if (next.exited()) {
			settle(next, null);
		}
	}

	private void settle(ReplicaSnapshot last, @Nullable Instant readyAt) {
		this.outcome.complete(new ReplicaOutcome(last, this.migrated, this.startedAt, readyAt));
	}

	ReplicaSnapshot snapshot() {
		return this.snapshot;
	}

	/**
	 * Wait until the replica is ready or has ended.
	 * @return what became of it
	 */
	ReplicaOutcome awaitOutcome() {
		return this.outcome.join();
	}

	Path log() {
		return this.log;
	}

	void terminate() {
		this.process.destroy();
	}

	/**
	 * Wait until the process has ended, by force if it takes too long.
	 */
	void awaitEnd() {
		try {
			if (!this.process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
