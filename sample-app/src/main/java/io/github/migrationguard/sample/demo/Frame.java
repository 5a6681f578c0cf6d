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

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.migrationguard.sample.demo.MigrationsStatus.Attempt;
import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import io.github.migrationguard.sample.demo.Reader.Readings;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to show at one moment.
 *
 * @param headline what is going on
 * @param time the moment
 * @param elapsed the time since the start
 * @param logs the directory of the logs
 * @param replicas the replicas
 * @param readings what readers have measured so far, or {@code null} if there are none
 * @author Migration Guard
 */
record Frame(String headline, Instant time, Duration elapsed, Path logs, List<ReplicaSnapshot> replicas,
		@Nullable Readings readings) {

	/**
	 * Find the progress of a replica that is applying something.
	 * @return the progress, with its current change set or migration
	 */
	Optional<Progress> running() {
		return this.replicas.stream()
			.map(ReplicaSnapshot::progress)
			.filter(Objects::nonNull)
			.filter((progress) -> progress.current() != null)
			.findFirst();
	}

	/**
	 * Find out who is in the way. Every replica that is not ready tells it.
	 * @return the sessions, as one of the replicas sees them
	 */
	List<Blocker> blockers() {
		return this.replicas.stream()
			.filter((replica) -> !replica.ready())
			.map(ReplicaSnapshot::blockers)
			.filter((blockers) -> !blockers.isEmpty())
			.findFirst()
			.orElse(List.of());
	}

	/**
	 * Find the attempts of the replica that migrates or has migrated.
	 * @return the attempts, empty if nothing was in the way
	 */
	List<Attempt> attempts() {
		return this.replicas.stream()
			.map(ReplicaSnapshot::attempts)
			.filter((attempts) -> !attempts.isEmpty())
			.findFirst()
			.orElse(List.of());
	}

	/**
	 * Whether there is nothing more to wait for.
	 * @return whether every replica is ready or has ended
	 */
	boolean settled() {
		return this.replicas.stream().allMatch((replica) -> replica.ready() || replica.exited());
	}

}
