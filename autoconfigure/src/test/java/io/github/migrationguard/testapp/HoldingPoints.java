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

package io.github.migrationguard.testapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.ObservationHandler;

/**
 * Stops the thread that migrates where no statement is executed, as long as a file of the
 * test says so: {@code hold.migrations.unit} after a unit is recorded,
 * {@code hold.migrations.run} before the lock is released.
 *
 * @author Migration Guard
 */
class HoldingPoints implements ObservationHandler<Observation.Context> {

	private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final Path directory;

	HoldingPoints(Path directory) {
		this.directory = directory;
	}

	@Override
	public boolean supportsContext(Context context) {
		return context.getName().startsWith("migrations.");
	}

	@Override
	public void onStop(Context context) {
		Path hold = this.directory.resolve("hold." + context.getName());
		if (!Files.exists(hold)) {
			return;
		}
		arrive(context.getName());
		while (Files.exists(hold) && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(POLL_NANOS);
		}
	}

	private void arrive(String point) {
		try {
			Files.writeString(this.directory.resolve("arrived." + point), "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
