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
import java.util.Set;

import io.github.migrationguard.watch.BlockerKind;
import io.github.migrationguard.watch.BlockerPolicy;

/**
 * Settings of what is done with sessions that are in the way.
 *
 * @param policy what to do with them
 * @param patience for how long they may be in the way before
 * @param kinds which kinds may be ended
 * @param includeSuperusers whether sessions of superusers may be ended as well
 * @author Migration Guard
 * @since 0.1.0
 */
public record BlockerSettings(BlockerPolicy policy, Duration patience, Set<BlockerKind> kinds,
		boolean includeSuperusers) {

}
