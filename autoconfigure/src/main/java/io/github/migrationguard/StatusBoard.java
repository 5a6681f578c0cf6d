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

import java.util.function.UnaryOperator;

import io.github.migrationguard.watch.SessionSample;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the status of one migrator. Written by the thread that runs the migration,
 * but for what its session meets, which is written by whoever watches it. Read by
 * everybody.
 *
 * @author Migration Guard
 */
final class StatusBoard {

	private volatile MigrationStatus status;

	private volatile @Nullable SessionSample sample;

	StatusBoard(MigrationStatus initial) {
		this.status = initial;
	}

	MigrationStatus get() {
		MigrationStatus status = this.status;
		SessionSample sample = this.sample;
		return (sample != null) ? status.withDdl((ddl) -> ddl.withSample(sample)) : status;
	}

	void update(UnaryOperator<MigrationStatus> change) {
		this.status = change.apply(this.status);
	}

	void state(MigrationState state) {
		update((status) -> status.withState(state));
	}

	/**
	 * Publish what the session meets at this moment.
	 */
	void sample(@Nullable SessionSample sample) {
		this.sample = sample;
	}

}
