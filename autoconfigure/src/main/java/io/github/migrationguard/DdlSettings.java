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

import io.github.migrationguard.ddl.RepairInvalidIndexes;

/**
 * Settings of the statements of migrations.
 *
 * @param lockTimeout how long a statement may wait for a lock
 * @param maxStall for how long other sessions may queue behind a statement that waits
 * @param retryMaxDuration how long a unit that is blocked is tried again
 * @param repairInvalidIndexes which invalid indexes are repaired
 * @author Migration Guard
 * @since 0.1.0
 */
public record DdlSettings(Duration lockTimeout, Duration maxStall, Duration retryMaxDuration,
		RepairInvalidIndexes repairInvalidIndexes) {

}
