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

import java.time.Instant;

import io.github.migrationguard.lock.LockParticipants;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in a migration's lock, as the database showed it at one moment.
 *
 * @param participants the participants, or {@code null} if the database could not be
 * asked
 * @param unavailable why the database could not be asked, or {@code null}
 * @param sampledAt when it was asked
 * @author Migration Guard
 * @since 0.1.0
 */
public record ClusterSample(@Nullable LockParticipants participants, @Nullable String unavailable, Instant sampledAt) {

}
