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

import java.sql.ResultSet;
import java.sql.SQLException;

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

	static @Nullable IndexBuild read(ResultSet row) throws SQLException {
		String phase = row.getString("phase");
		return (phase != null) ? new IndexBuild(phase, percent(row, measure(phase))) : null;
	}

	/**
	 * The server resets the counters at the beginning of a phase, but not all of them,
	 * and counts nothing while it sorts.
	 */
	private static @Nullable String measure(String phase) {
		if (phase.startsWith("waiting for")) {
			return "lockers";
		}
		if (phase.endsWith("loading tuples in tree")) {
			return "tuples";
		}
		return (phase.contains("scanning") || phase.equals("building index")) ? "blocks" : null;
	}

	private static @Nullable Integer percent(ResultSet row, @Nullable String measure) throws SQLException {
		if (measure == null) {
			return null;
		}
		long total = row.getLong(measure + "_total");
		return (total > 0) ? (int) Math.min(100, row.getLong(measure + "_done") * 100 / total) : null;
	}

}
