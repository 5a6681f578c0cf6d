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

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link MigrationGuard}.
 *
 * @param instance the name of this instance
 * @param role what this instance does about its migrations
 * @param schemaAhead what to do if the history is ahead of this version
 * @param lockName the name of a lock shared by all migrators, or {@code null} if each has
 * the lock of its own history
 * @param lockWaitTimeout how long a holder of the lock may give no sign of life
 * @param databaseWaitTimeout how long to wait for a database that cannot be reached
 * @param sessionSettings settings of the server that override the defaults
 * @param shutdownGrace how long a running migration may go on when the application is
 * stopped
 * @param ddl settings of the statements of migrations
 * @param blockers what is done with sessions that are in the way
 * @param watchInterval how often the session that migrates is watched
 * @author Migration Guard
 * @since 0.1.0
 */
public record GuardSettings(String instance, MigrationRole role, SchemaAhead schemaAhead, @Nullable String lockName,
		Duration lockWaitTimeout, Duration databaseWaitTimeout, Map<String, String> sessionSettings,
		Duration shutdownGrace, DdlSettings ddl, BlockerSettings blockers, Duration watchInterval) {

}
