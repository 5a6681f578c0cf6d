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

package io.github.migrationguard.watch;

import org.jspecify.annotations.Nullable;

/**
 * How far a session is that builds an index, as of {@code pg_stat_progress_create_index}.
 *
 * @param phase the phase, for example {@code building index: scanning table}
 * @param percent how much of the phase is done, or {@code null} if it has no measure
 * @author Migration Guard
 * @since 0.1.0
 * @see <a href=
 * "https://www.postgresql.org/docs/current/progress-reporting.html#CREATE-INDEX-PROGRESS-REPORTING">CREATE
 * INDEX Progress Reporting</a>
 */
public record IndexBuild(String phase, @Nullable Integer percent) {

}
