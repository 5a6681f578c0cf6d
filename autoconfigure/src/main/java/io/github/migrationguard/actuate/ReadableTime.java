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

package io.github.migrationguard.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Durations and moments as people read them.
 *
 * @author Migration Guard
 */
final class ReadableTime {

	private final Instant now;

	ReadableTime(Instant now) {
		this.now = now;
	}

	/**
	 * Tell how long ago something was, or in how long it will be.
	 */
	Html relative(Instant instant) {
		Duration age = Duration.between(instant, this.now);
		String words = age.isNegative() ? "in " + words(age.negated()) : words(age) + " ago";
		return Html.of("<time datetime=\"%s\" title=\"%s\">%s</time>", instant, instant, words);
	}

	/**
	 * Tell for how long something has been so.
	 */
	Html since(Instant instant) {
		Duration age = Duration.between(instant, this.now);
		return Html.of("<time datetime=\"%s\" title=\"since %s\">%s</time>", instant, instant,
				words(age.isNegative() ? Duration.ZERO : age));
	}

	static Html timeOfDay(Instant instant) {
		return Html.of("<time datetime=\"%s\" title=\"%s\">%s</time>", instant, instant,
				instant.truncatedTo(ChronoUnit.SECONDS).toString().substring(11, 19));
	}

	static Html duration(Duration duration) {
		return Html.of("<time datetime=\"%s\">%s</time>", duration, words(duration));
	}

	private static String words(Duration duration) {
		if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
			return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
		}
		if (duration.compareTo(Duration.ofHours(1)) < 0) {
			return "%s min %s s".formatted(duration.toMinutes(), duration.toSecondsPart());
		}
		if (duration.compareTo(Duration.ofDays(1)) < 0) {
			return "%s h %s min".formatted(duration.toHours(), duration.toMinutesPart());
		}
		return "%s d %s h".formatted(duration.toDays(), duration.toHoursPart());
	}

}
