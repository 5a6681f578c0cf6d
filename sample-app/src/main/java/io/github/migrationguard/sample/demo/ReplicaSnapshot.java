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

import java.time.Duration;
import java.util.List;

import io.github.migrationguard.sample.demo.MigrationsStatus.Attempt;
import io.github.migrationguard.sample.demo.MigrationsStatus.Blocker;
import io.github.migrationguard.sample.demo.MigrationsStatus.Holder;
import io.github.migrationguard.sample.demo.MigrationsStatus.Lock;
import io.github.migrationguard.sample.demo.MigrationsStatus.Migration;
import io.github.migrationguard.sample.demo.MigrationsStatus.Progress;
import org.jspecify.annotations.Nullable;

/**
 * A replica as it was at one moment.
 *
 * @param name the name of the replica
 * @param port the port that it serves
 * @param readiness the status code of its readiness probe, 0 when nothing answers
 * @param migration what it says of its migration, if it says anything
 * @param exitCode the exit code of its process, if that has ended
 * @author Migration Guard
 */
record ReplicaSnapshot(String name, int port, int readiness, @Nullable Migration migration,
		@Nullable Integer exitCode) {

	static ReplicaSnapshot started(String name, int port) {
		return new ReplicaSnapshot(name, port, 0, null, null);
	}

	ReplicaSnapshot answered(int readiness, @Nullable Migration migration) {
		return new ReplicaSnapshot(this.name, this.port, readiness, migration, null);
	}

	ReplicaSnapshot exited(int exitCode) {
		return new ReplicaSnapshot(this.name, this.port, 0, this.migration, exitCode);
	}

	boolean ready() {
		return !exited() && this.readiness == 200;
	}

	boolean exited() {
		return this.exitCode != null;
	}

	/**
	 * Whether the replica is applying anything. Holding the lock is not enough: the last
	 * change may have been made while it took the lock.
	 */
	boolean applying() {
		Progress progress = progress();
		return progress != null && progress.current() != null;
	}

	String state() {
		if (exited()) {
			return "EXITED " + this.exitCode;
		}
		String state = (this.migration != null) ? this.migration.state() : null;
		return (state != null) ? state : ready() ? "STARTED" : "STARTING";
	}

	@Nullable Duration waitedFor() {
		Lock lock = lock();
		return (lock != null) ? lock.waitedFor() : null;
	}

	@Nullable Holder holder() {
		Lock lock = lock();
		return (lock != null) ? lock.holder() : null;
	}

	@Nullable Progress progress() {
		return (this.migration != null) ? this.migration.progress() : null;
	}

	List<Blocker> blockers() {
		List<Blocker> blockers = (this.migration != null) ? this.migration.blockers() : null;
		return (blockers != null) ? blockers : List.of();
	}

	List<Attempt> attempts() {
		List<Attempt> attempts = (this.migration != null) ? this.migration.attempts() : null;
		return (attempts != null) ? attempts : List.of();
	}

	private @Nullable Lock lock() {
		return (this.migration != null) ? this.migration.lock() : null;
	}

}
