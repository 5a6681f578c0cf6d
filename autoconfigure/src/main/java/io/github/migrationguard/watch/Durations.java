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

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Durations that the server has measured.
 *
 * @author Migration Guard
 */
final class Durations {

	private Durations() {
	}

	/**
	 * Write a duration for humans.
	 */
	static String format(Duration duration) {
		return (duration.toMinutes() > 0) ? "%s min %s s".formatted(duration.toMinutes(), duration.toSecondsPart())
				: BigDecimal.valueOf(duration.toMillis(), 3).toPlainString() + " s";
	}

	/**
	 * Read a column with seconds.
	 */
	static @Nullable Duration read(ResultSet row, String column) throws SQLException {
		double seconds = row.getDouble(column);
		return row.wasNull() ? null : Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
	}

}
