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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What became of a replica.
 *
 * @param last the last that was seen of it
 * @param migrated whether it was seen applying anything
 * @param startedAt when it was started
 * @param readyAt when it got ready, or {@code null} if it never did
 * @author Migration Guard
 */
record ReplicaOutcome(ReplicaSnapshot last, boolean migrated, Instant startedAt, @Nullable Instant readyAt) {

	boolean failed() {
		return this.readyAt == null;
	}

}
