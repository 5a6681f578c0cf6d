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
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The part of the answer of {@code /actuator/migrations} that the board shows.
 *
 * @param migrations the migrations of the replica by name
 * @author Migration Guard
 */
record MigrationsStatus(@Nullable Map<String, Migration> migrations) {

	@Nullable Migration first() {
		return (this.migrations != null) ? this.migrations.values().stream().findFirst().orElse(null) : null;
	}

	record Migration(@Nullable String state, @Nullable Lock lock, @Nullable Progress progress,
			@Nullable List<Blocker> blockers, @Nullable List<Attempt> attempts) {

	}

	record Blocker(@Nullable Integer pid, String kind, @Nullable String applicationName,
			@Nullable Duration transactionAge, @Nullable String holds) {

	}

	record Attempt(int number, String unit, @Nullable Duration took, @Nullable String outcome,
			@Nullable List<Integer> blockers) {

	}

	record Lock(@Nullable Duration waitedFor, @Nullable Holder holder) {

	}

	record Holder(long pid, @Nullable String instance) {

	}

	record Progress(int applied, int pending, @Nullable Current current, @Nullable String phase,
			@Nullable Integer percent) {

		int all() {
			return this.applied + this.pending;
		}

	}

	record Current(String id, @Nullable Instant startedAt) {

	}

}
