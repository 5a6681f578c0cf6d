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

import org.jspecify.annotations.Nullable;

/**
 * What the demonstration was asked to do.
 *
 * @param tool what migrates the database
 * @param replicas number of replicas
 * @param seconds seconds that the slow migration takes
 * @param port first port to try
 * @param logs directory of the logs, if one was given
 * @param stay whether the replicas keep running until they are told to stop
 * @param plain whether to print lines instead of a board
 * @param blocker what to do about a session that is in the way, or {@code null} if there
 * is to be none
 * @author Migration Guard
 */
record DemoOptions(Tool tool, int replicas, int seconds, int port, @Nullable Path logs, boolean stay, boolean plain,
		@Nullable BlockerOptions blocker) {

}
