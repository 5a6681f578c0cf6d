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

package io.github.migrationguard.soak;

import java.util.List;
import java.util.regex.Pattern;

import io.github.migrationguard.MigrationState;

/**
 * What has become of a guard, as a line of the output of its process.
 *
 * @param instance the name of the instance
 * @param state its state in the end
 * @param at when it ended, in milliseconds
 * @author Migration Guard
 */
record Ending(String instance, MigrationState state, long at) {

	private static final Pattern LINE = Pattern.compile("^ended (\\S+) (\\S+) (\\d+)$", Pattern.MULTILINE);

	/**
	 * Read all that were printed.
	 */
	static List<Ending> read(String output) {
		return LINE.matcher(output)
			.results()
			.map((line) -> new Ending(line.group(1), MigrationState.valueOf(line.group(2)),
					Long.parseLong(line.group(3))))
			.toList();
	}

	@Override
	public String toString() {
		return "ended %s %s %d".formatted(this.instance, this.state, this.at);
	}

}
